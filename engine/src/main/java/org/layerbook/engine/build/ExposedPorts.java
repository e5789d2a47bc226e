package org.layerbook.engine.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerbook.engine.dockerfile.GoText;

/**
 * The ports of an EXPOSE: {@code [[ip:]host:]port[-port][/protocol]} to {@code port/protocol} each. Host parts are checked
 * and dropped. Messages are BuildKit's.
 */
final class ExposedPorts {
    private static final int MAX_PORT = 65535;

    private ExposedPorts() {}

    /** @throws IllegalArgumentException with the sentence */
    static List<String> parse(String word) {
        String[] parts = word.split(":", -1);
        String container = parts[parts.length - 1];
        String host = parts.length > 1 ? parts[parts.length - 2] : "";
        String ip = parts.length > 2 ? word.substring(0, word.length() - container.length() - host.length() - 2) : "";
        int slash = container.indexOf('/');
        String range = slash < 0 ? container : container.substring(0, slash);
        String protocol = slash < 0 ? "" : container.substring(slash + 1).toLowerCase(Locale.ROOT);
        if (range.isEmpty()) {
            throw new IllegalArgumentException("no port specified: " + word + "<empty>");
        }
        if (!List.of("", "tcp", "udp", "sctp").contains(protocol)) {
            throw new IllegalArgumentException(
                    "invalid port: " + GoText.quote(word) + ": invalid proto: " + container.substring(slash + 1));
        }
        checkAddress(ip);
        int[] ports = range(range, "invalid containerPort: " + range);
        if (!host.isEmpty()) {
            int[] hostPorts = range(host, "invalid hostPort: " + host);
            if (ports[1] - ports[0] != hostPorts[1] - hostPorts[0] && ports[0] != ports[1]) {
                throw new IllegalArgumentException(
                        "invalid ranges specified for container and host Ports: " + range + " and " + host);
            }
        }
        var exposed = new ArrayList<String>();
        for (int port = ports[0]; port <= ports[1]; port++) {
            exposed.add(port + "/" + (protocol.isEmpty() ? "tcp" : protocol));
        }
        return exposed;
    }

    private static void checkAddress(String ip) {
        if (ip.isEmpty()) {
            return;
        }
        String bare = ip.startsWith("[") && ip.endsWith("]") ? ip.substring(1, ip.length() - 1) : ip;
        boolean v4 = bare.matches("(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");
        boolean v6 = bare.contains(":") && bare.matches("[0-9a-fA-F:.]+");
        if (!v4 && !v6) {
            throw new IllegalArgumentException("invalid IP address: " + bare);
        }
    }

    private static int[] range(String text, String message) {
        String[] ends = text.split("-", -1);
        if (ends.length > 2) {
            throw new IllegalArgumentException(message);
        }
        int first = port(ends[0], message);
        int last = ends.length == 1 ? first : port(ends[1], message);
        if (last < first) {
            throw new IllegalArgumentException(message);
        }
        return new int[] {first, last};
    }

    private static int port(String text, String message) {
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) > MAX_PORT) {
            throw new IllegalArgumentException(message);
        }
        return Integer.parseInt(text);
    }
}
