package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.layerbook.engine.linux.SmallFile;

/** The {@code /etc/resolv.conf} and {@code /etc/hosts} a process sees: mounted over those of its root, as docker does. */
final class EtcFiles {
    /** What BuildKit calls the machine a RUN works on. */
    static final String DEFAULT_HOSTNAME = "buildkitsandbox";

    private EtcFiles() {}

    /** The host's name servers: a build uses the host's network. */
    static byte[] resolvConf() throws IOException {
        Path host = Path.of(MountStubs.RESOLV_CONF);
        return Files.isReadable(host) ? SmallFile.read(host, SmallFile.TEXT).orElse(new byte[0]) : new byte[0];
    }

    /** @param extraHosts {@code name:address} or {@code name=address}, as {@code --add-host} takes them */
    static byte[] hosts(String hostname, List<String> extraHosts) {
        StringBuilder text = new StringBuilder();
        text.append("127.0.0.1\tlocalhost ").append(hostname).append('\n');
        text.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
        for (String extra : extraHosts) {
            int at = extra.indexOf('=') >= 0 ? extra.indexOf('=') : extra.indexOf(':');
            if (at > 0) {
                String address = extra.substring(at + 1).replaceAll("^\\[(.*)]$", "$1");
                text.append(address).append('\t').append(extra, 0, at).append('\n');
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
