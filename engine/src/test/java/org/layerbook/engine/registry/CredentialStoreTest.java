package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.host.DirectHostCommands;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.registry.protocol.Credentials;

/** Logins where docker keeps them. */
class CredentialStoreTest {
    private static final String SECRET = "pa:ss \"wörd\"";

    @TempDir
    Path home;

    private Path file() {
        return home.resolve(".docker/config.json");
    }

    private CredentialStore store(HostCommands host) {
        return new CredentialStore(Map.of("HOME", home.toString()), host);
    }

    @Test
    void aLoginIsReadableByItsOwnerAlone() throws IOException {
        var store = store(new NoHost());
        assertTrue(store.store("localhost:5000", Credentials.password("me", SECRET)));
        assertEquals(
                Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE),
                Files.getPosixFilePermissions(file()));
        assertEquals(Optional.of(Credentials.password("me", SECRET)), store.get("localhost:5000"));
        assertEquals(Optional.empty(), store.get("localhost:5001"));
    }

    @Test
    void theSameLoginAgainWritesNothing() throws IOException {
        var store = store(new NoHost());
        assertTrue(store.store("localhost:5000", Credentials.password("me", SECRET)));
        Object before = Files.getAttribute(file(), "unix:ino");
        assertFalse(store.store("localhost:5000", Credentials.password("me", SECRET)));
        assertEquals(before, Files.getAttribute(file(), "unix:ino"));
        assertTrue(store.store("localhost:5000", Credentials.password("me", "other")));
        assertTrue(store.store("localhost:5001", Credentials.password("me", SECRET)));
        assertEquals(Optional.of(Credentials.password("me", "other")), store.get("localhost:5000"));
    }

    @Test
    void whatElseStandsInTheFileStays() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(
                file(), "{\"psFormat\": \"table\", \"auths\": {\"other\": {\"auth\": \"YTpi\"}}, \"x\": [1]}");
        var store = store(new NoHost());
        store.store("docker.io", Credentials.password("me", SECRET));
        String text = Files.readString(file());
        assertTrue(text.contains("\"psFormat\" : \"table\""), text);
        assertTrue(text.contains("\"https://index.docker.io/v1/\""), text);
        assertTrue(store.erase("docker.io"));
        assertEquals(Optional.of(Credentials.password("a", "b")), store.get("other"));
        assertFalse(store.erase("docker.io"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"auths\": {\"r:5000\": {\"auth\": \"YTpi\"}}}                       | r:5000    | a | b",
                "{\"auths\": {\"https://r:5000/v2/\": {\"auth\": \"YTpi\"}}}            | r:5000    | a | b",
                "{\"auths\": {\"https://index.docker.io/v1/\": {\"auth\": \"YTpi\"}}}   | docker.io | a | b",
                "{\"auths\": {\"r\": {\"username\": \"u\", \"password\": \"p\"}}}       | r         | u | p",
                "{\"auths\": {\"r\": {\"identitytoken\": \"tok\", \"auth\": \"YTpi\"}}} | r         | '' | tok",
            })
    void everyFormIsRead(String config, String registry, String user, String secret) throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), config);
        Credentials found = store(new NoHost()).get(registry).orElseThrow();
        assertEquals(user, found.username());
        assertEquals(secret, found.secret());
    }

    @Test
    void whereThereIsAHelperNothingIsWrittenInTheClear() throws IOException {
        Path bin = Files.createDirectory(home.resolve("bin"));
        Path helper = bin.resolve("docker-credential-box");
        Files.writeString(helper, """
                #!/bin/sh
                echo "$0 $*" >> "%1$s/arguments"
                case $1 in
                store) cat > "%1$s/kept" ;;
                get) [ -e "%1$s/kept" ] && cat "%1$s/kept" || { echo "credentials not found in native keychain"; exit 1; } ;;
                erase) rm -f "%1$s/kept" ;;
                esac
                """.formatted(home));
        Files.setPosixFilePermissions(helper, Set.of(PosixFilePermission.values()));
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "{\"credsStore\": \"box\"}");
        var environment = Map.of("PATH", bin + ":/usr/bin:/bin", "HOME", home.toString());
        var store = store(new DirectHostCommands(home, environment));
        assertEquals(Optional.empty(), store.get("r:1"));
        assertFalse(store.store("r:1", Credentials.password("me", SECRET)));
        assertEquals(Optional.of(Credentials.password("me", SECRET)), store.get("r:1"));
        assertFalse(Files.readString(file()).contains("auth\""), Files.readString(file()));
        assertFalse(Files.readString(home.resolve("arguments")).contains("pa:ss"));
        assertTrue(store.erase("r:1"));
        assertEquals(Optional.empty(), store.get("r:1"));
    }

    @Test
    void aBrokenFileIsNamedButNotQuoted() throws IOException {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "{\"auths\": {\"r\": {\"password\": hunter2}}}");
        for (IOException refusal : new IOException[] {
            assertThrows(IOException.class, () -> store(new NoHost()).get("r")),
            assertThrows(IOException.class, () -> new CredentialFile(file()).put("x", Map.of()))
        }) {
            assertTrue(refusal.getMessage().contains("config.json"), refusal.getMessage());
            assertFalse(refusal.toString().contains("hunter2"), refusal.toString());
        }
    }
}
