package org.layerbook.engine.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.registry.protocol.Credentials;

/**
 * The user's logins where docker keeps them: {@code config.json} in {@code ~/.docker} ({@code DOCKER_CONFIG} counts),
 * and the credential helpers that it names. Read anew at each question, as docker and podman may change it meanwhile.
 */
public final class CredentialStore {
    /** What docker calls Docker Hub in that file. */
    static final String HUB_KEY = "https://index.docker.io/v1/";

    private final Path file;
    private final Optional<String> given;
    private final HostCommands host;

    /** @param environment the user's; {@code DOCKER_CONFIG}, {@code DOCKER_AUTH_CONFIG} and {@code HOME} count */
    public CredentialStore(Map<String, String> environment, HostCommands host) {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        this.file = (folder.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker") : Path.of(folder))
                .resolve("config.json");
        this.given = Optional.ofNullable(environment.get("DOCKER_AUTH_CONFIG")).filter(text -> !text.isBlank());
        this.host = host;
    }

    public Path file() {
        return file;
    }

    /** @param registry host as in references: {@code docker.io}, {@code localhost:5000} */
    public Optional<Credentials> get(String registry) throws IOException {
        if (given.isPresent()) {
            Optional<Credentials> found =
                    inFile(Json.parse(given.get().getBytes(StandardCharsets.UTF_8), "DOCKER_AUTH_CONFIG"), registry);
            if (found.isPresent()) {
                return found;
            }
        }
        Optional<Json> config = read();
        if (config.isEmpty()) {
            return Optional.empty();
        }
        Optional<CredentialHelper> helper = helper(config.get(), registry);
        if (helper.isPresent()) {
            Optional<Credentials> found = helper.get().get(key(registry));
            if (found.isPresent()) {
                return found;
            }
        }
        return inFile(config.get(), registry);
    }

    /**
     * Keeps a login: with the helper, where one is set; else in the file, mode 600. A file that says so already stays as it
     * is, and need not be writable.
     *
     * @return whether a password has been written into the file, unencrypted
     */
    public boolean store(String registry, Credentials credentials) throws IOException {
        Optional<Json> config = read();
        Optional<CredentialHelper> helper = config.isEmpty() ? Optional.empty() : helper(config.get(), registry);
        if (helper.isPresent()) {
            helper.get().store(key(registry), credentials);
            // As docker: the file says that there is a login, not what it is; and an old one in clear goes.
            put(config, registry, Map.of());
            return false;
        }
        if (credentials.identityToken()) {
            put(config, registry, Map.of("identitytoken", credentials.secret()));
            return false;
        }
        String text = credentials.username() + ":" + credentials.secret();
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return put(config, registry, Map.of("auth", encoded));
    }

    /** @return whether the file did not say so yet */
    private boolean put(Optional<Json> config, String registry, Map<String, String> members) throws IOException {
        Json there = config.isEmpty() ? null : auths(config.get()).get(key(registry));
        if (there != null && saysOnly(there, members)) {
            return false;
        }
        new CredentialFile(file).put(key(registry), members);
        return true;
    }

    private static boolean saysOnly(Json entry, Map<String, String> members) throws IOException {
        if (!entry.members().keySet().equals(members.keySet())) {
            return false;
        }
        for (Map.Entry<String, String> member : members.entrySet()) {
            if (!entry.string(member.getKey()).equals(Optional.of(member.getValue()))) {
                return false;
            }
        }
        return true;
    }

    /** @return whether there was a login */
    public boolean erase(String registry) throws IOException {
        Optional<Json> config = read();
        if (config.isEmpty()) {
            return false;
        }
        boolean was = get(registry).isPresent();
        Optional<CredentialHelper> helper = helper(config.get(), registry);
        if (helper.isPresent()) {
            helper.get().erase(key(registry));
        }
        var keys = new ArrayList<String>();
        for (String key : auths(config.get()).keySet()) {
            if (hostOf(key).equals(hostOf(key(registry)))) {
                keys.add(key);
            }
        }
        if (!keys.isEmpty()) {
            new CredentialFile(file).remove(keys);
        }
        return was || !keys.isEmpty();
    }

    private Optional<Json> read() throws IOException {
        byte[] content =
                RegularFile.readFollowing(file, CredentialFile.MOST_BYTES).orElse(new byte[0]);
        try {
            return new String(content, StandardCharsets.UTF_8).isBlank()
                    ? Optional.empty()
                    : Optional.of(Json.parse(content, file.toString()));
        } catch (MalformedException e) {
            // Its message may quote what stands there, which may be a password.
            throw new IOException(file + ": not valid JSON");
        }
    }

    private Optional<CredentialHelper> helper(Json config, String registry) throws IOException {
        Map<String, String> helpers = config.stringMap("credHelpers");
        String own = helpers.getOrDefault(key(registry), helpers.getOrDefault(registry, ""));
        Optional<String> name = own.isEmpty() ? config.string("credsStore") : Optional.of(own);
        return name.filter(n -> n.matches("[A-Za-z0-9._-]+")).map(n -> new CredentialHelper(n, host));
    }

    private static Map<String, Json> auths(Json config) throws IOException {
        Optional<Json> auths = config.get("auths");
        return auths.isEmpty() ? Map.of() : auths.get().members();
    }

    private static Optional<Credentials> inFile(Json config, String registry) throws IOException {
        Map<String, Json> auths = auths(config);
        Json exact = auths.get(key(registry));
        if (exact != null) {
            Optional<Credentials> found = read(exact);
            if (found.isPresent()) {
                return found;
            }
        }
        for (Map.Entry<String, Json> entry : auths.entrySet()) {
            if (hostOf(entry.getKey()).equals(hostOf(key(registry)))) {
                Optional<Credentials> found = read(entry.getValue());
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Credentials> read(Json entry) throws IOException {
        Optional<String> token = entry.string("identitytoken");
        if (token.isPresent()) {
            return Optional.of(new Credentials("", token.get(), true));
        }
        Optional<String> auth = entry.string("auth");
        if (auth.isPresent()) {
            String text;
            try {
                text = new String(Base64.getDecoder().decode(auth.get().strip()), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw entry.problem("\"auth\" is not Base64");
            }
            int colon = text.indexOf(':');
            if (colon > 0) {
                // Docker's own files may be padded with NUL.
                return Optional.of(Credentials.password(
                        text.substring(0, colon), text.substring(colon + 1).replaceAll("\0+$", "")));
            }
        }
        List<String> pair = List.of(
                entry.string("username").orElse(""), entry.string("password").orElse(""));
        return pair.getFirst().isEmpty()
                ? Optional.empty()
                : Optional.of(Credentials.password(pair.getFirst(), pair.getLast()));
    }

    static String key(String registry) {
        return registry.equals("docker.io") ? HUB_KEY : registry;
    }

    /** Keys were whole addresses once. */
    private static String hostOf(String key) {
        String bare = key.replaceFirst("^https?://", "");
        int slash = bare.indexOf('/');
        return slash < 0 ? bare : bare.substring(0, slash);
    }
}
