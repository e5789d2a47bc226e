package org.layerbook.engine.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.layerbook.engine.oci.Json;

/**
 * How registries are reached: mirrors, and hosts without (verified) TLS. From {@code config.json} in
 * {@code ~/.config/layerbook} ({@code XDG_CONFIG_HOME} counts), and from the environment, which is over it:
 *
 * <pre>{@code
 * {"registries": {"docker.io": {"mirrors": ["http://class.example:5000"]}, "lab.example": {"insecure": true}}}
 * LAYERBOOK_MIRRORS="http://class.example:5000 quay.io=https://quay.example"
 * LAYERBOOK_INSECURE_REGISTRIES="lab.example other.example:5000"
 * }</pre>
 *
 * @param mirrors by registry host, as in references; asked in order before the registry itself
 * @param insecure hosts (with port, as in references) that may speak plain HTTP, or have a certificate nobody vouches for
 * @param foreign hosts that layers are pushed to which are not meant to be given out ({@code "foreign": true})
 */
public record RegistrySettings(
        Map<String, List<String>> mirrors, Set<String> insecure, Set<String> foreign, RetryPolicy retries) {
    public static final RegistrySettings DEFAULT = new RegistrySettings(Map.of(), Set.of(), RetryPolicy.DEFAULT);

    private static final String DOCKER_HUB = "docker.io";

    public RegistrySettings {
        mirrors = Map.copyOf(mirrors);
        insecure = Set.copyOf(insecure);
        foreign = Set.copyOf(foreign);
    }

    public RegistrySettings(Map<String, List<String>> mirrors, Set<String> insecure, RetryPolicy retries) {
        this(mirrors, insecure, Set.of(), retries);
    }

    /** @throws IOException when the configuration file cannot be read, with a sentence that names it */
    public static RegistrySettings read(Map<String, String> environment) throws IOException {
        Map<String, List<String>> mirrors = new LinkedHashMap<>();
        Set<String> insecure = new LinkedHashSet<>();
        Set<String> foreign = new LinkedHashSet<>();
        readFile(configFile(environment), mirrors, insecure, foreign);
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (String word : words(environment.get("LAYERBOOK_MIRRORS"))) {
            int equals = word.indexOf('=');
            String host = equals < 0 ? DOCKER_HUB : word.substring(0, equals);
            given.computeIfAbsent(host, any -> new ArrayList<>()).add(word.substring(equals + 1));
        }
        mirrors.putAll(given);
        insecure.addAll(words(environment.get("LAYERBOOK_INSECURE_REGISTRIES")));
        return new RegistrySettings(mirrors, insecure, foreign, RetryPolicy.DEFAULT);
    }

    /** Where the configuration is read from, if it is there. */
    public static Path configFile(Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path folder =
                config.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/root"), ".config") : Path.of(config);
        return folder.resolve("layerbook").resolve("config.json");
    }

    private static void readFile(
            Path file, Map<String, List<String>> mirrors, Set<String> insecure, Set<String> foreign)
            throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return;
        }
        var registries = Json.parse(content, file.toString()).get("registries");
        if (registries.isEmpty()) {
            return;
        }
        for (var registry : registries.get().members().entrySet()) {
            List<String> its = registry.getValue().strings("mirrors");
            if (!its.isEmpty()) {
                mirrors.put(registry.getKey(), its);
            }
            if (registry.getValue().bool("insecure")) {
                insecure.add(registry.getKey());
            }
            if (registry.getValue().bool("foreign")) {
                foreign.add(registry.getKey());
            }
        }
    }

    private static List<String> words(String value) {
        return value == null || value.isBlank()
                ? List.of()
                : List.of(value.strip().split("[\\s,]+"));
    }

    public RegistrySettings withRetries(RetryPolicy changed) {
        return new RegistrySettings(mirrors, insecure, foreign, changed);
    }

    /** With one more host that may do without verified TLS. */
    public RegistrySettings withInsecure(String host) {
        var hosts = new LinkedHashSet<>(insecure);
        hosts.add(host);
        return new RegistrySettings(mirrors, hosts, foreign, retries);
    }
}
