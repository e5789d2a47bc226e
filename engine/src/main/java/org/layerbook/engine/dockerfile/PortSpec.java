package org.layerbook.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.layerbook.engine.golang.GoText;

/**
 * What an EXPOSE or a {@code docker run --publish} names: {@code [ip:][hostPort:]port[-lastPort][/protocol]}. To EXPOSE only ports
 * and protocol matter; what stands before them is read for its faults, as BuildKit does.
 *
 * @param first from 0 to 65535
 * @param last not less than {@code first}
 * @param protocol {@code tcp}, {@code udp} or {@code sctp}
 * @param hostAddress without brackets; empty where none is given
 */
public record PortSpec(int first, int last, String protocol, String hostAddress, Optional<HostPorts> hostPorts) {
    /** Of one container port any of these, else as many as there are container ports. */
    public record HostPorts(int first, int last) {}

    private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
    private static final Pattern IPV4_PART = Pattern.compile("0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5]");
    private static final int HIGHEST = 65_535;

    /** @throws IllegalArgumentException what is wrong, in BuildKit's words */
    public static PortSpec parse(String text) {
        int portStart = text.lastIndexOf(':') + 1;
        int slash = text.indexOf('/', portStart);
        String port = slash < 0 ? text.substring(portStart) : text.substring(portStart, slash);
        String protocol = slash < 0 ? "" : text.substring(slash + 1);
        if (port.isEmpty()) {
            throw invalid(text, "no port specified");
        }
        String lower = protocol.toLowerCase(Locale.ROOT);
        if (!protocol.isEmpty() && !PROTOCOLS.contains(lower)) {
            throw invalid(text, "invalid proto: " + protocol);
        }
        String before = portStart == 0 ? "" : text.substring(0, portStart - 1);
        int hostStart = before.lastIndexOf(':') + 1;
        String address = hostStart > 0 ? checkAddress(before.substring(0, hostStart - 1)) : "";
        int[] range = range(port, "containerPort");
        String hostPort = before.substring(hostStart);
        Optional<HostPorts> host =
                hostPort.isEmpty() ? Optional.empty() : Optional.of(hostRange(hostPort, port, range));
        return new PortSpec(range[0], range[1], protocol.isEmpty() ? "tcp" : lower, address, host);
    }

    /** As in an image's config: {@code 80/tcp}, one a port. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            keys.add(port + "/" + protocol);
        }
        return List.copyOf(keys);
    }

    private static HostPorts hostRange(String hostPort, String port, int[] range) {
        int[] host = range(hostPort, "hostPort");
        if (range[0] != range[1] && range[1] - range[0] != host[1] - host[0]) {
            throw new IllegalArgumentException(
                    "invalid ranges specified for container and host Ports: " + port + " and " + hostPort);
        }
        return new HostPorts(host[0], host[1]);
    }

    private static IllegalArgumentException invalid(String text, String why) {
        return new IllegalArgumentException("invalid port: " + GoText.quote(text) + ": " + why);
    }

    private static int[] range(String text, String what) {
        String[] ends = text.split("-", -1);
        try {
            if (ends.length <= 2) {
                int low = number(ends[0]);
                int high = ends.length == 1 ? low : number(ends[1]);
                if (low <= high) {
                    return new int[] {low, high};
                }
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("invalid " + what + ": " + text);
    }

    private static int number(String text) {
        if (!text.matches("[0-9]+")) {
            throw new NumberFormatException(text);
        }
        int number = Integer.parseInt(text);
        if (number > HIGHEST) {
            throw new NumberFormatException(text);
        }
        return number;
    }

    private static String checkAddress(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String address = bracketed ? text.substring(1, text.length() - 1) : text;
        if (!address.isEmpty() && !isIpv4(address) && !isIpv6(address)) {
            throw new IllegalArgumentException("invalid IP address: " + address);
        }
        return address;
    }

    private static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        return parts.length == 4
                && List.of(parts).stream()
                        .allMatch(part -> IPV4_PART.matcher(part).matches());
    }

    private static boolean isIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text) == 8;
        }
        int left = gap == 0 ? 0 : groups(text.substring(0, gap));
        int right = gap + 2 == text.length() ? 0 : groups(text.substring(gap + 2));
        return left >= 0 && right >= 0 && left + right < 8;
    }

    /** How many groups of 16 bits; a negative number when some are none. A dotted IPv4 address at the end counts as two. */
    private static int groups(String text) {
        int count = 0;
        String[] parts = text.split(":", -1);
        for (int at = 0; at < parts.length; at++) {
            boolean dotted = at == parts.length - 1 && isIpv4(parts[at]);
            if (!dotted && !parts[at].matches("[0-9a-fA-F]{1,4}")) {
                return Integer.MIN_VALUE;
            }
            count += dotted ? 2 : 1;
        }
        return count;
    }
}
