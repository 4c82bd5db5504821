package io.github.videotomp3.gateway;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/** What people call their files, made safe to store, to show, and to put into a header. */
final class FileNames {

    private static final int LONGEST = 255;
    private static final String HEX = "0123456789ABCDEF";

    private FileNames() {}

    /** The last part of a path of any system, without control and formatting characters, at most 255 characters. */
    static String clean(String name) {
        String file = Normalizer.normalize(name, Normalizer.Form.NFC)
                .replaceAll("\\\\\"|%22", "\"") // how clients write a quote inside of quotes
                .replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]", "")
                .replaceFirst("^.*[/\\\\]", "")
                .strip();
        if (file.codePointCount(0, file.length()) > LONGEST) {
            file = file.substring(0, file.offsetByCodePoints(0, LONGEST));
        }
        return file.isEmpty() || file.matches("\\.+") ? "video" : file;
    }

    /** The same name for the MP3. */
    static String mp3(String video) {
        return video.replaceFirst("(?<=.)\\.\\p{Alnum}{1,5}$", "") + ".mp3";
    }

    /**
     * A {@code Content-Disposition} that makes a browser save the file under its name (RFC 6266 §4, RFC 8187 §3.2), with
     * a plain ASCII name for clients that do not know {@code filename*}.
     */
    static String attachment(String name) {
        StringBuilder ascii = new StringBuilder();
        name.codePoints()
                .forEach(c -> ascii.append(c < ' ' || c > '~' || c == '"' || c == '\\' || c == '%' ? '_' : (char) c));
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '.' || b == '-';
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded;
    }
}
