package org.layerbook.interpreter.command.build;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.layerbook.engine.sandbox.ProcessSpec.Host;
import org.layerbook.interpreter.command.spec.CommandException;

/** Reads {@code --add-host}: {@code NAME=ADDRESS} or {@code NAME:ADDRESS}, an IPv6 one also in brackets. */
final class AddedHosts {
    /** What stands for the machine that the builder runs on. */
    private static final String GATEWAY = "host-gateway";
    /** Where a RUN reaches it: it is on its network. */
    private static final String GATEWAY_ADDRESS = "127.0.0.1";

    private static final Pattern DECIMAL = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})(?:\\.(?!$)|$)){4}");
    private static final Pattern COLONS = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int GROUPS = 8;

    private AddedHosts() {}

    static List<Host> read(List<String> given) throws CommandException {
        var hosts = new ArrayList<Host>();
        for (String text : given) {
            int divider = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
            if (divider < 1 || divider == text.length() - 1) {
                throw invalid(text);
            }
            String written = text.substring(divider + 1);
            String address =
                    written.equals(GATEWAY) ? GATEWAY_ADDRESS : address(written).orElseThrow(() -> invalid(text));
            hosts.add(new Host(text.substring(0, divider).toLowerCase(Locale.ROOT), address));
        }
        return hosts;
    }

    private static CommandException invalid(String text) {
        return BuildRequestReader.failed("invalid host " + text);
    }

    /** As Go writes it; empty for what is no address. Nobody is asked for a name. */
    private static Optional<String> address(String written) {
        String text = written.matches("\\[.+]") ? written.substring(1, written.length() - 1) : written;
        try {
            if (DECIMAL.matcher(text).matches()) {
                return Optional.of(Inet4Address.ofLiteral(text).getHostAddress());
            }
            if (!COLONS.matcher(text).matches()) {
                return Optional.empty();
            }
            InetAddress address = Inet6Address.ofLiteral(text);
            return Optional.of(
                    address instanceof Inet6Address ? shortened(address.getAddress()) : address.getHostAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The longest row of zeros as two colons. */
    private static String shortened(byte[] address) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
        }
        int from = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = 0;
            while (i + zeros < GROUPS && groups[i + zeros] == 0) {
                zeros++;
            }
            if (zeros > length) {
                from = i;
                length = zeros;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == from) {
                text.append("::");
                i += length - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":");
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
