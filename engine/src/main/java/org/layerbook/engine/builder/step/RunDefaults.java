package org.layerbook.engine.builder.step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.Environment;
import org.layerbook.engine.linux.RegularFile;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.store.ConfigFiles;

/**
 * What every RUN finds around it on this machine, and no image remembers: proxies and mirrors. It is in no history, no
 * layer and no cache key, as BuildKit's predefined proxy arguments are not: a class behind a mirror builds the images that
 * everybody else builds.
 *
 * @param proxies by name, {@code HTTP_PROXY}; of docker's {@code config.json}, which gives them as build arguments
 * @param environment variables of the process; what the image or the build sets itself is over them
 * @param aptProxy the address of a proxy for apt alone, such as an apt-cacher-ng
 * @param aptMirrors what stands in for an archive in apt's sources, by its address without scheme:
 *     {@code deb.debian.org/debian}
 */
public record RunDefaults(
        Map<String, String> proxies,
        Map<String, String> environment,
        Optional<String> aptProxy,
        Map<String, String> aptMirrors) {
    public static final RunDefaults NONE = new RunDefaults(Map.of(), Map.of(), Optional.empty(), Map.of());

    private static final int MOST_BYTES = 4 << 20;

    /** As docker's client names them in its file. */
    private static final Map<String, String> PROXY_MEMBERS = Map.of(
            "httpProxy", "HTTP_PROXY",
            "httpsProxy", "HTTPS_PROXY",
            "ftpProxy", "FTP_PROXY",
            "noProxy", "NO_PROXY",
            "allProxy", "ALL_PROXY");

    public RunDefaults {
        proxies = Map.copyOf(proxies);
        environment = Map.copyOf(environment);
        aptMirrors = Map.copyOf(aptMirrors);
    }

    /**
     * @param environment the user's: {@code DOCKER_CONFIG} and what {@link ConfigFiles} heeds count
     * @throws IOException when Layerbook's own configuration cannot be read; docker's is passed over then
     */
    public static RunDefaults read(Map<String, String> environment) throws IOException {
        var config = ConfigFiles.read(environment);
        var variables = new LinkedHashMap<String, String>();
        Optional<String> pip = config.string("run", "pip-index");
        pip.ifPresent(index -> {
            variables.put("PIP_INDEX_URL", index);
            plainHost(index).ifPresent(host -> variables.put("PIP_TRUSTED_HOST", host));
        });
        config.string("run", "npm-registry").ifPresent(registry -> variables.put("npm_config_registry", registry));
        config.string("run", "go-proxy").ifPresent(proxy -> variables.put("GOPROXY", proxy));
        var mirrors = new LinkedHashMap<String, String>();
        for (Json file : config.contents()) {
            Optional<Json> run = file.get("run");
            if (run.isPresent()) {
                variables.putAll(run.get().stringMap("environment"));
                mirrors.putAll(run.get().stringMap("apt-mirrors"));
            }
        }
        return new RunDefaults(dockers(environment), variables, config.string("run", "apt-proxy"), mirrors);
    }

    /** pip wants to be told that a host without TLS is meant. */
    private static Optional<String> plainHost(String url) {
        return url.startsWith("http://")
                ? Optional.of(url.substring("http://".length()).split("[/:]", 2)[0])
                : Optional.empty();
    }

    private static Map<String, String> dockers(Map<String, String> environment) {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        Path file = folder.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", "/root"), ".docker", "config.json")
                : Path.of(folder, "config.json");
        var found = new LinkedHashMap<String, String>();
        try {
            Optional<byte[]> content = RegularFile.readFollowing(file, MOST_BYTES);
            if (content.isEmpty()) {
                return Map.of();
            }
            Optional<Json> all = Json.parse(content.get(), file.toString()).get("proxies");
            Optional<Json> its = all.isPresent() ? all.get().get("default") : Optional.empty();
            for (var member : PROXY_MEMBERS.entrySet()) {
                Optional<String> value = its.isPresent() ? its.get().string(member.getKey()) : Optional.empty();
                value.filter(given -> !given.isEmpty()).ifPresent(given -> found.put(member.getValue(), given));
            }
        } catch (IOException e) {
            return Map.of(); // who logs in or pulls hears what is wrong with the file
        }
        return found;
    }

    /** The settings with docker's proxies among the build arguments; those that are given are over them, in either spelling. */
    public BuildSettings over(BuildSettings settings) {
        if (proxies.isEmpty()) {
            return settings;
        }
        var arguments = new LinkedHashMap<>(settings.buildArgs());
        proxies.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!settings.buildArgs().containsKey(name) && !settings.buildArgs().containsKey(lower)) {
                arguments.put(name, value);
                arguments.put(lower, value);
            }
        });
        return settings.change().buildArgs(arguments).done();
    }

    /** {@code NAME=value} of the variables that {@code set} does not set. */
    public List<String> variablesBeside(Environment set) {
        var entries = new ArrayList<String>();
        environment.forEach((name, value) -> {
            if (set.get(name).isEmpty()) {
                entries.add(name + "=" + value);
            }
        });
        entries.sort(null);
        return entries;
    }

    public boolean concernsApt() {
        return aptProxy.isPresent() || !aptMirrors.isEmpty();
    }
}
