package org.layerbook.interpreter.command;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Commands that docker has and Layerbook does not: what to do instead, one sentence each. */
final class MissingCommands {
    private static final String NO_CLUSTER = "Layerbook has no cluster; use Docker or Kubernetes to run services";
    private static final String NO_DAEMON_THINGS = "Layerbook has no daemon to manage them";

    private static final String MANY_PLATFORMS =
            "use regctl, crane or docker to assemble a multi-platform image in a registry";

    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("search", "search at hub.docker.com, then run `docker pull NAME`"),
            Map.entry("compose", "use `!docker-compose` or Docker for Compose files"),
            Map.entry("swarm", NO_CLUSTER),
            Map.entry("service", NO_CLUSTER),
            Map.entry("stack", NO_CLUSTER),
            Map.entry("node", NO_CLUSTER),
            Map.entry("config", NO_CLUSTER),
            Map.entry("secret", "to pass a secret to RUN, use `docker build --secret id=NAME,src=FILE`"),
            Map.entry("plugin", NO_DAEMON_THINGS + ", and builds do not need them"),
            Map.entry("context", "Layerbook has no daemon to choose; `%context DIR` sets the build context"),
            Map.entry("checkpoint", "`docker commit` stores the files of a container, not its processes"),
            Map.entry("trust", "Layerbook does not sign images; use cosign"),
            Map.entry("scan", "scan the output of `docker save` with grype or trivy"),
            Map.entry("scout", "scan the output of `docker save` with grype or trivy"),
            Map.entry("sbom", "run syft on the output of `docker save`"),
            Map.entry("init", "write the instructions as cells, then print the Dockerfile with `%dockerfile`"),
            Map.entry("desktop", "Layerbook is not Docker Desktop"),
            Map.entry("debug", "inspect images with `%files` and `%cat`, or try a command on the live image with RUN"),
            Map.entry("model", "Docker Model Runner is part of Docker Desktop"),
            Map.entry("extension", "Layerbook is not Docker Desktop"),
            Map.entry("manifest create", MANY_PLATFORMS),
            Map.entry("manifest annotate", MANY_PLATFORMS),
            Map.entry("manifest push", MANY_PLATFORMS),
            Map.entry("manifest rm", MANY_PLATFORMS),
            Map.entry("buildx install", "`docker build` already is `docker buildx build`"),
            Map.entry("buildx uninstall", "`docker build` is always `docker buildx build`"),
            Map.entry("buildx history", "each cell shows its build, and `docker history` lists an image's steps"),
            Map.entry("buildx imagetools create", MANY_PLATFORMS),
            Map.entry("buildx bake", "run `docker build` once for each target of the file"));

    private MissingCommands() {}

    /** The sentence for the command with this path; empty when docker has none of that name either. */
    static Optional<String> sentence(String path) {
        return Optional.ofNullable(INSTEAD.get(path))
                .map(instead -> "docker " + path + " is not supported: " + instead + ".");
    }

    /** The first words of what docker has and Layerbook does not. */
    static Set<String> names() {
        return INSTEAD.keySet().stream().filter(path -> path.indexOf(' ') < 0).collect(Collectors.toUnmodifiableSet());
    }
}
