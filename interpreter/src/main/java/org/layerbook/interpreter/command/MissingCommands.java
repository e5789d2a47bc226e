package org.layerbook.interpreter.command;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Commands that docker has and Layerbook does not: what to do instead, one sentence each. */
final class MissingCommands {
    private static final String NO_CONTAINERS =
            "Layerbook runs no containers of its own yet: try a command on the live image with RUN, and %undo it";
    private static final String NO_CLUSTER = "Layerbook has no cluster; Docker itself or Kubernetes runs services";
    private static final String NO_DAEMON_THINGS = "Layerbook has no daemon that could hold these";

    private static final String MANY_PLATFORMS =
            "regctl, crane and docker itself put images of several platforms together at a registry";

    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry(
                    "search", "Docker Hub's pages at hub.docker.com search; `docker pull NAME` fetches what they show"),
            Map.entry("compose", "Layerbook builds images; run `!docker-compose` or Docker itself for compose files"),
            Map.entry("swarm", NO_CLUSTER),
            Map.entry("service", NO_CLUSTER),
            Map.entry("stack", NO_CLUSTER),
            Map.entry("node", NO_CLUSTER),
            Map.entry("config", NO_CLUSTER),
            Map.entry("secret", "for a build, `docker build --secret id=NAME,src=FILE` hands a secret to RUN"),
            Map.entry("plugin", NO_DAEMON_THINGS + ", and builds need none of them"),
            Map.entry("context", "Layerbook has no daemon to choose; `%context DIR` sets the build context"),
            Map.entry("checkpoint", NO_CONTAINERS),
            Map.entry("trust", "Layerbook does not sign images; cosign signs what `docker save` wrote"),
            Map.entry("scan", "grype and trivy scan what `docker save` wrote"),
            Map.entry("scout", "grype and trivy scan what `docker save` wrote"),
            Map.entry("sbom", "syft lists the packages of what `docker save` wrote"),
            Map.entry("init", "write the Dockerfile's instructions as cells, and `%dockerfile` gives the file"),
            Map.entry("desktop", "Layerbook is not Docker Desktop"),
            Map.entry("debug", "`%files` and `%cat` look into images, and RUN tries a command on the live one"),
            Map.entry("model", "Docker Model Runner belongs to Docker Desktop"),
            Map.entry("extension", "Layerbook is not Docker Desktop"),
            Map.entry("manifest create", MANY_PLATFORMS),
            Map.entry("manifest annotate", MANY_PLATFORMS),
            Map.entry("manifest push", MANY_PLATFORMS),
            Map.entry("manifest rm", MANY_PLATFORMS),
            Map.entry("buildx install", "`docker build` is `docker buildx build` already"),
            Map.entry("buildx uninstall", "`docker build` is `docker buildx build` for good"),
            Map.entry(
                    "buildx history",
                    "what was built shows under its cell, and `docker history` lists an image's steps"),
            Map.entry("buildx imagetools create", MANY_PLATFORMS),
            Map.entry("buildx bake", "call `docker build` once for each target of the file"));

    private MissingCommands() {}

    /** The sentence for the command with this path; empty when docker has none of that name either. */
    static Optional<String> sentence(String path) {
        return Optional.ofNullable(INSTEAD.get(path))
                .map(instead -> "docker " + path + " is not part of Layerbook: " + instead + ".");
    }

    /** The first words of what docker has and Layerbook does not. */
    static Set<String> names() {
        return INSTEAD.keySet().stream().filter(path -> path.indexOf(' ') < 0).collect(Collectors.toUnmodifiableSet());
    }
}
