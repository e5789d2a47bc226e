package org.layerbook.engine.registry.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.store.ConfigFiles;

/**
 * How registries are reached: mirrors, and hosts without (verified) TLS. From the {@link ConfigFiles}, and from the
 * environment, which is over them:
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
        for (Json file : ConfigFiles.read(environment).contents()) {
            readFile(file, mirrors, insecure, foreign);
        }
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

    private static void readFile(
            Json file, Map<String, List<String>> mirrors, Set<String> insecure, Set<String> foreign)
            throws IOException {
        var registries = file.get("registries");
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

    /** The mirrors of Docker Hub, as docker lists them: addresses that end in a slash. */
    public List<String> hubMirrors() {
        return mirrors.getOrDefault(DOCKER_HUB, List.of()).stream()
                .map(mirror -> mirror.endsWith("/") ? mirror : mirror + "/")
                .toList();
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
