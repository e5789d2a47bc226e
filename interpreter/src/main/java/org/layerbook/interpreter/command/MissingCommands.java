package org.layerbook.interpreter.command;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Commands that docker has and Layerbook does not: what to do instead, one sentence each. */
final class MissingCommands {
    private static final String NO_CONTAINERS =
            "Layerbook does not run containers yet; try a command on the live image with RUN, then %undo";
    private static final String NO_CLUSTER = "Layerbook has no cluster; use Docker or Kubernetes to run services";
    private static final String NO_DAEMON_THINGS = "Layerbook has no daemon to manage them";

    private static final String NO_EVENTS =
            "Layerbook has no daemon that emits events; each cell shows its own progress";
    private static final String MANY_PLATFORMS =
            "use regctl, crane or docker to assemble a multi-platform image in a registry";

    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("run", NO_CONTAINERS),
            Map.entry("create", NO_CONTAINERS),
            Map.entry("start", NO_CONTAINERS),
            Map.entry("exec", NO_CONTAINERS),
            Map.entry("ps", NO_CONTAINERS),
            Map.entry("container", NO_CONTAINERS),
            Map.entry("logs", NO_CONTAINERS),
            Map.entry("stop", NO_CONTAINERS),
            Map.entry("kill", NO_CONTAINERS),
            Map.entry("rm", NO_CONTAINERS),
            Map.entry("attach", NO_CONTAINERS),
            Map.entry("cp", NO_CONTAINERS),
            Map.entry("export", NO_CONTAINERS),
            Map.entry("diff", NO_CONTAINERS),
            Map.entry("top", NO_CONTAINERS),
            Map.entry("wait", NO_CONTAINERS),
            Map.entry("stats", NO_CONTAINERS),
            Map.entry("port", NO_CONTAINERS),
            Map.entry("pause", NO_CONTAINERS),
            Map.entry("unpause", NO_CONTAINERS),
            Map.entry("rename", NO_CONTAINERS),
            Map.entry("restart", NO_CONTAINERS),
            Map.entry("update", NO_CONTAINERS),
            Map.entry("commit", "write the change as RUN or COPY; each instruction of a cell is committed"),
            Map.entry("search", "search at hub.docker.com, then run `docker pull NAME`"),
            Map.entry("compose", "use `!docker-compose` or Docker for Compose files"),
            Map.entry("swarm", NO_CLUSTER),
            Map.entry("service", NO_CLUSTER),
            Map.entry("stack", NO_CLUSTER),
            Map.entry("node", NO_CLUSTER),
            Map.entry("config", NO_CLUSTER),
            Map.entry("secret", "to pass a secret to RUN, use `docker build --secret id=NAME,src=FILE`"),
            Map.entry("volume", NO_DAEMON_THINGS + "; keep data in a directory on the host"),
            Map.entry("network", NO_DAEMON_THINGS + "; RUN uses the host's network, or none with --network=none"),
            Map.entry("plugin", NO_DAEMON_THINGS + ", and builds do not need them"),
            Map.entry("context", "Layerbook has no daemon to choose; `%context DIR` sets the build context"),
            Map.entry("checkpoint", NO_CONTAINERS),
            Map.entry("trust", "Layerbook does not sign images; use cosign"),
            Map.entry("events", NO_EVENTS),
            Map.entry("system events", NO_EVENTS),
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
