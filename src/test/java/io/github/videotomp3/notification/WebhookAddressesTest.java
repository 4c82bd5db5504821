package io.github.videotomp3.notification;

import static io.github.videotomp3.Refusals.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookAddressesTest {

    private final WebhookAddresses open = new WebhookAddresses(false);
    private final WebhookAddresses all = new WebhookAddresses(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.1.2.3",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.250",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:10.0.0.1",
                "::ffff:127.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:0a00:0001::1",
                "2002:7f00:1::",
                "3fff::1",
                "fc00::1",
                "fd12:3456:789a::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1"
            })
    void refusesAnAddressThatIsNotPublic(String address) throws Exception {
        assertThat(WebhookAddresses.isPublic(InetAddress.getByName(address))).isFalse();
        String host = address.contains(":") ? "[" + address + "]" : address;

        assertThat(refusalOf(() -> open.check("https://" + host + "/hook")).getStatus())
                .isEqualTo(400);
        assertThatThrownBy(() -> open.resolve(host)).isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> open.resolve(address)).isInstanceOf(UnknownHostException.class);
        assertThat(all.resolve(address)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::ffff:1.1.1.1",
                "64:ff9b::1.1.1.1",
                "2002:0101:0101::1",
                "2001:4860:4860::8888",
                "2606:4700::1111"
            })
    void allowsAnAddressThatIsPublic(String address) throws Exception {
        String url = "https://" + (address.contains(":") ? "[" + address + "]" : address) + "/hook?a=b";

        assertThat(WebhookAddresses.isPublic(InetAddress.getByName(address))).isTrue();
        assertThat(open.check(url)).isEqualTo(url);
        assertThat(open.resolve(address)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "http://1.1.1.1/hook,           must begin with https://",
        "ftp://1.1.1.1/hook,            must begin with https://",
        "file:///etc/passwd,            must begin with https://",
        "1.1.1.1/hook,                  must begin with https://",
        "https:///hook,                 must",
        "https:hook,                    must name a host",
        "https://me@1.1.1.1/hook,       must have neither a user name nor a fragment",
        "https://me:pw@1.1.1.1/hook,    must have neither a user name nor a fragment",
        "https://1.1.1.1/hook#a,        must have neither a user name nor a fragment",
        "https://1.1.1.1:22/hook,       must have the port 443",
        "https://1.1.1.1:0/hook,        must have the port 443",
        "https://1.1.1.1:70000/hook,    must have the port 443",
        "https://1.1.1.1/a b,           must be an address such as",
        "https://2130706433/hook,       must",
        "https://0x7f.1/hook,           must",
        "https://127.1/hook,            must",
        "https://localhost/hook,        must name a host that can be found and has a public address",
        "https://no-such-host.invalid/, must name a host that can be found and has a public address"
    })
    void refusesWhatIsNoAddressOfAReceiver(String url, String rule) {
        assertThat(refusalOf(() -> open.check(url)).getDetail()).startsWith("url " + rule);
    }

    @ParameterizedTest
    @NullAndEmptySource
    void wantsAnAddress(String url) {
        assertThat(refusalOf(() -> open.check(url)).getStatus()).isEqualTo(400);
        assertThat(refusalOf(() -> open.check("https://1.1.1.1/" + "x".repeat(2000)))
                        .getStatus())
                .isEqualTo(400);
    }

    @Test
    void allowsAHostToBeAnywhereIfTheSettingSaysSo() {
        assertThat(all.check("http://127.0.0.1:81/hook")).isEqualTo("http://127.0.0.1:81/hook");
        assertThat(refusalOf(() -> all.check("ftp://127.0.0.1/hook")).getStatus())
                .isEqualTo(400);
        assertThat(refusalOf(() -> all.check("http://me@127.0.0.1/hook")).getStatus())
                .isEqualTo(400);
    }
}
