package org.layerbook.engine.dockerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small grammars of single values: ports, signals, modes, image and platform names, sources of ADD. */
class ValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "80 | 80/tcp",
                "80/udp | 80/udp",
                "80/ | 80/tcp",
                "80/UDP | 80/udp",
                "0 | 0/tcp",
                "8000-8002/sctp | 8000/sctp 8001/sctp 8002/sctp",
                "8080:80 | 80/tcp",
                "1.2.3.4:8080:80 | 80/tcp",
                "1.2.3.4::80 | 80/tcp",
                "[::1]:80:90 | 90/tcp",
                "::1:80:90 | 90/tcp",
                "9000-9001:80-81 | 80/tcp 81/tcp",
                "9000-9005:80 | 80/tcp"
            })
    void ports(String text, String keys) {
        assertEquals(List.of(keys.split(" ")), PortSpec.parse(text).keys());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web | invalid containerPort: web",
                "-1 | invalid containerPort: -1",
                "65536 | invalid containerPort: 65536",
                "90-80 | invalid containerPort: 90-80",
                "1-2-3 | invalid containerPort: 1-2-3",
                "80- | invalid containerPort: 80-",
                "80/http | invalid port: \"80/http\": invalid proto: http",
                "/tcp | invalid port: \"/tcp\": no port specified",
                "80: | invalid port: \"80:\": no port specified",
                "x:80 | invalid hostPort: x",
                "host:80:90 | invalid IP address: host",
                "1.2.3:80:90 | invalid IP address: 1.2.3",
                "1:80-81:90-95 | invalid IP address: 1",
                "80-81:90-95 | invalid ranges specified for container and host Ports: 90-95 and 80-81"
            })
    void wrongPorts(String text, String message) {
        var failure = assertThrows(IllegalArgumentException.class, () -> PortSpec.parse(text));
        assertEquals(message, failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "SIGTERM,15",
        "term,15",
        "SigKill,9",
        "9,9",
        "99,99",
        "HUP,1",
        "SIGSYS,31",
        "RTMIN,34",
        "SIGRTMIN+3,37",
        "RTMAX-1,63",
        "SIGCLD,17",
        "IOT,6"
    })
    void signals(String text, int number) {
        assertEquals(Optional.of(number), StopSignals.number(text));
    }

    @ParameterizedTest
    @CsvSource({"0", "''", "SIGNOTHING", "RTMIN+16", "RTMAX-15", "'TERM '", "SIGSIGTERM"})
    void noSignals(String text) {
        assertEquals(Optional.empty(), StopSignals.number(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "755 | 0644 | false | 0755",
                "04755 | 0644 | false | 04755",
                "0 | 0644 | false | 0",
                "u+x | 0644 | false | 0744",
                "+x | 0644 | false | 0755",
                "a-w | 0666 | false | 0444",
                "go= | 0755 | false | 0700",
                "u=rwX,go=rX | 0600 | false | 0644",
                "u=rwX,go=rX | 0600 | true | 0755",
                "a+X | 0640 | false | 0640",
                "a+X | 0740 | false | 0751",
                "g=u | 0640 | false | 0660",
                "o=g-w | 0660 | false | 0664",
                "u+s,g+s,+t | 0755 | false | 07755",
                "u=rw | 04755 | false | 0655"
            })
    void modes(String text, String before, boolean directory, String after) {
        int mode = ChmodMode.parse(text).apply(Integer.parseInt(before, 8), directory);
        assertEquals(Integer.parseInt(after, 8), mode);
    }

    @ParameterizedTest
    @CsvSource({"10000", "64a", "8", "''", "u", "x+r", "u+z", "u+r;g+w", "u=rg"})
    void wrongModes(String text) {
        assertThrows(IllegalArgumentException.class, () -> ChmodMode.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "alpine",
        "alpine:3.22",
        "library/alpine",
        "docker.io/alpine",
        "localhost/x",
        "localhost:5000/x/y:tag_1.2-3",
        "Host.example.org/x",
        "[::1]:5000/x",
        "a__b/c-_d",
        "x@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d"
    })
    void imageNames(String name) {
        assertEquals(name.equals("a__b/c-_d"), ImageName.fault(name).isPresent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Alpine | invalid reference format: repository name (library/Alpine) must be lowercase",
                "host.org/Alpine | invalid reference format: repository name (Alpine) must be lowercase",
                "a b | invalid reference format",
                "alpine: | invalid reference format",
                "alpine:-x | invalid reference format",
                "/x | invalid reference format",
                "x/ | invalid reference format",
                "x@sha256:abc | invalid reference format",
                "x@md5:24454f830cdb571e2c4ad15481119c43 | unsupported digest algorithm",
                "x@sha256:24454f830cdb571e2c4ad15481119c43 | invalid checksum digest length"
            })
    void wrongImageNames(String name, String fault) {
        assertEquals(Optional.of(fault), ImageName.fault(name));
    }

    @Test
    void namesHaveALongestLength() {
        assertEquals(Optional.empty(), ImageName.fault("a:" + "t".repeat(128)));
        assertEquals(Optional.of("invalid reference format"), ImageName.fault("a:" + "t".repeat(129)));
        assertEquals(true, ImageName.fault("a".repeat(248)).isPresent());
        assertEquals(true, ImageName.fault("0123456789abcdef".repeat(4)).isPresent());
    }

    @ParameterizedTest
    @CsvSource({
        "a/b,LOCAL",
        "https://example.org/a.tar.gz,HTTP",
        "http://example.org/a,HTTP",
        "https://example.org/r.git,GIT",
        "https://example.org/r.git#main:dir,GIT",
        "https://example.org/r.git?ref=x,GIT",
        "git@example.org:r.git,GIT",
        "git://example.org/r,GIT",
        "ssh://git@example.org/r,GIT",
        "example.org/r.git,LOCAL",
        "a@b,LOCAL"
    })
    void sources(String source, AddSource expected) {
        assertEquals(expected, AddSource.of(source));
    }
}
