package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.Environment;
import org.layerbook.engine.builder.run.AptSettings;
import org.layerbook.engine.builder.step.RunDefaults;

class RunDefaultsTest {
    @TempDir
    Path folder;

    private RunDefaults read(String layerbook, String docker) throws IOException {
        Files.createDirectories(folder.resolve("config/layerbook"));
        Files.writeString(folder.resolve("config/layerbook/config.json"), layerbook);
        Files.writeString(folder.resolve("config.json"), docker);
        return RunDefaults.read(
                Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString(), "DOCKER_CONFIG", folder.toString()));
    }

    @Test
    void dockersProxiesAreBuildArgumentsUnderThoseThatAreGiven() throws IOException {
        RunDefaults defaults = read("{}", """
                {"auths": {}, "proxies": {"default": {"httpProxy": "http://p:1", "httpsProxy": "http://p:2",
                 "noProxy": "localhost"}, "tcp://other": {"allProxy": "http://p:3"}}}""");
        BuildSettings settings = defaults.over(BuildSettings.DEFAULT
                .change()
                .buildArgs(Map.of("https_proxy", "http://mine", "A", "1"))
                .done());
        assertEquals(
                Map.of(
                        "HTTP_PROXY", "http://p:1",
                        "http_proxy", "http://p:1",
                        "NO_PROXY", "localhost",
                        "no_proxy", "localhost",
                        "https_proxy", "http://mine",
                        "A", "1"),
                settings.buildArgs());
    }

    @Test
    void aDockerConfigThatIsNoneIsForOthersToTellOf() throws IOException {
        assertEquals(Map.of(), read("{}", "nonsense").proxies());
        assertThrows(IOException.class, () -> read("nonsense", "{}"));
    }

    @Test
    void mirrorsAreVariablesUnderThoseOfTheImage() throws IOException {
        RunDefaults defaults = read("""
                {"run": {"pip-index": "http://pip.example:8080/simple", "npm-registry": "https://npm.example",
                 "go-proxy": "https://go.example", "environment": {"CARGO_HTTP_TIMEOUT": "5"},
                 "apt-proxy": "http://apt.example:3142"}}""", "{}");
        assertEquals(
                List.of(
                        "CARGO_HTTP_TIMEOUT=5",
                        "GOPROXY=https://go.example",
                        "PIP_TRUSTED_HOST=pip.example",
                        "npm_config_registry=https://npm.example"),
                defaults.variablesBeside(Environment.of(List.of("PIP_INDEX_URL=https://own"))));
        assertEquals(Optional.of("http://apt.example:3142"), defaults.aptProxy());
        assertTrue(defaults.concernsApt());
        assertFalse(RunDefaults.NONE.concernsApt());
    }

    @ParameterizedTest
    @CsvSource({
        "deb http://deb.debian.org/debian bookworm main, deb http://m.example/debian bookworm main",
        "deb https://deb.debian.org/debian/ bookworm main, deb http://m.example/debian/ bookworm main",
        "URIs: http://deb.debian.org/debian, URIs: http://m.example/debian",
        "deb http://deb.debian.org/debian-security x main, deb http://deb.debian.org/debian-security x main",
        "deb http://archive.ubuntu.com/ubuntu noble main, deb http://archive.ubuntu.com/ubuntu noble main",
    })
    void sourcesNameTheMirror(String source, String expected) {
        assertEquals(
                expected, AptSettings.rewritten(source, Map.of("deb.debian.org/debian", "http://m.example/debian/")));
    }

    @Test
    void aptIsToldWhereAnImageHasIt() throws IOException {
        var defaults = new RunDefaults(
                Map.of(),
                Map.of(),
                Optional.of("http://apt.example:3142"),
                Map.of("deb.debian.org/debian", "http://m.example/debian"));
        var settings = new AptSettings(defaults);
        Path root = Files.createDirectories(folder.resolve("root"));
        Path out = Files.createDirectories(folder.resolve("out"));
        assertFalse(settings.write(root, out), "no apt");
        Files.createDirectories(root.resolve("etc/apt/sources.list.d"));
        String source = "Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm\n";
        Files.writeString(root.resolve("etc/apt/sources.list.d/debian.sources"), source);
        assertTrue(settings.write(root, out));
        assertEquals("""
                Acquire::http::Proxy "http://apt.example:3142";
                Dir::Etc::sourcelist "/run/layerbook-apt/sources.list";
                Dir::Etc::sourceparts "/run/layerbook-apt/sources.list.d";
                """, Files.readString(out.resolve("apt.conf")));
        assertEquals(
                source.replace("deb.debian.org", "m.example"),
                Files.readString(out.resolve("sources.list.d/debian.sources")));
        assertEquals(
                source,
                Files.readString(root.resolve("etc/apt/sources.list.d/debian.sources")),
                "the image's own stay");
    }
}
