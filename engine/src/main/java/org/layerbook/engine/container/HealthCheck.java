package org.layerbook.engine.container;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.ContainerConfig;

/** How a container is found to be healthy, with docker's defaults for what is not given. */
record HealthCheck(
        List<String> argv,
        Duration interval,
        Duration timeout,
        Duration startPeriod,
        Duration startInterval,
        int retries) {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration START_INTERVAL = Duration.ofSeconds(5);
    private static final int RETRIES = 3;

    /** Empty where nothing is checked. */
    static Optional<HealthCheck> of(ContainerConfig config) {
        return config.healthcheck().flatMap(check -> {
            var words = new ArrayList<>(check.test());
            String kind = words.isEmpty() ? "NONE" : words.removeFirst();
            if (words.isEmpty() || !kind.startsWith("CMD")) {
                return Optional.empty();
            }
            if (kind.equals("CMD-SHELL")) {
                words.addAll(0, config.shell().orElse(List.of("/bin/sh", "-c")));
            }
            return Optional.of(new HealthCheck(
                    List.copyOf(words),
                    orElse(check.interval(), INTERVAL),
                    orElse(check.timeout(), INTERVAL),
                    check.startPeriod(),
                    orElse(check.startInterval(), START_INTERVAL),
                    check.retries() > 0 ? check.retries() : RETRIES));
        });
    }

    private static Duration orElse(Duration given, Duration otherwise) {
        return given.isZero() ? otherwise : given;
    }

    ContainerExec.Request request() {
        return new ContainerExec.Request(argv, List.of(), Optional.empty(), Optional.empty(), false);
    }
}
