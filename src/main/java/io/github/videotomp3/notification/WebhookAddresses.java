package io.github.videotomp3.notification;

import io.github.videotomp3.camel.Refusal;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Where webhooks may be: on the Internet, not in the network of those who run the service. It is asked when a webhook is
 * made and, as its client's resolver, at each connection, with the addresses that are then connected to: a name that
 * has another address by then gets no further.
 */
public final class WebhookAddresses implements DnsResolver {

    private static final int LONGEST_URL = 2000;

    /** What is not global in IANA's registry of special IPv4 addresses, multicast and the reserved rest. */
    private static final List<Block> CLOSED_V4 = blocks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");

    /** All that is global is in here (RFC 4291 §2.4); of it, what IANA's registry of special IPv6 addresses takes out. */
    private static final Block OPEN_V6 = Block.of("2000::/3");

    private static final List<Block> CLOSED_V6 = blocks("2001::/23", "2001:db8::/32", "3fff::/20");

    /** Those that hold an IPv4 address, and where: NAT64 (RFC 6052) and 6to4 (RFC 3056). */
    private static final Block NAT64 = Block.of("64:ff9b::/96");

    private static final Block SIX_TO_FOUR = Block.of("2002::/16");

    private final boolean privateToo;

    /** @param privateToo whether private addresses are allowed, and http */
    public WebhookAddresses(boolean privateToo) {
        this.privateToo = privateToo;
    }

    private record Block(byte[] prefix, int bits) {

        static Block of(String text) {
            String[] parts = text.split("/");
            try {
                return new Block(InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1]));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        boolean contains(byte[] address) {
            int rest = address.length * 8 - bits;
            return address.length == prefix.length
                    && new BigInteger(1, address).shiftRight(rest).equals(new BigInteger(1, prefix).shiftRight(rest));
        }
    }

    private static List<Block> blocks(String... texts) {
        return Arrays.stream(texts).map(Block::of).toList();
    }

    /**
     * The address of a webhook, if it may have it.
     *
     * @param text what its owner gives
     * @throws Refusal 400 that says what it must be
     */
    public String check(String text) {
        URI url = parse(text);
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase();
        if (!scheme.equals("https") && !(privateToo && scheme.equals("http"))) {
            throw bad("must begin with https://");
        }
        if (url.getHost() == null) {
            throw bad("must name a host");
        }
        if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw bad("must have neither a user name nor a fragment");
        }
        int port = url.getPort();
        if (!privateToo && port != -1 && port != 443 && port < 1024 || port == 0 || port > 65535) {
            throw bad("must have the port 443, or one from 1024 to 65535");
        }
        try {
            resolve(url.getHost());
        } catch (UnknownHostException e) {
            throw bad("must name a host that can be found and has a public address");
        }
        return url.toString();
    }

    private static URI parse(String text) {
        if (text == null || text.isEmpty() || text.length() > LONGEST_URL) {
            throw bad("must be an address of 1 to " + LONGEST_URL + " characters");
        }
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw bad("must be an address such as https://example.com/hook");
        }
    }

    private static Refusal bad(String rule) {
        return Refusal.of(400, "bad url", "url " + rule + ".");
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] open = Arrays.stream(InetAddress.getAllByName(host))
                .filter(address -> privateToo || isPublic(address))
                .toArray(InetAddress[]::new);
        if (open.length == 0) {
            throw new UnknownHostException(host + " has no public address");
        }
        return open;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return resolve(host)[0].getCanonicalHostName();
    }

    /** Whether an address is reachable from everywhere. Java makes an IPv4 address of one that IPv6 has mapped. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return CLOSED_V4.stream().noneMatch(block -> block.contains(bytes));
        }
        if (NAT64.contains(bytes)) {
            return isPublicV4(Arrays.copyOfRange(bytes, 12, 16));
        }
        if (SIX_TO_FOUR.contains(bytes)) {
            return isPublicV4(Arrays.copyOfRange(bytes, 2, 6));
        }
        return OPEN_V6.contains(bytes) && CLOSED_V6.stream().noneMatch(block -> block.contains(bytes));
    }

    private static boolean isPublicV4(byte[] bytes) {
        return CLOSED_V4.stream().noneMatch(block -> block.contains(bytes));
    }
}
