package org.layerbook.interpreter.command.container.create;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.golang.GoDuration;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.ContainerConfig.Healthcheck;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandException;

/** {@code --health-…}: changes the image's health check. */
final class HealthArguments {
    private static final Healthcheck NONE =
            new Healthcheck(List.of("NONE"), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);

    private final Options options;

    HealthArguments(Options options) {
        this.options = options;
    }

    ContainerConfig apply(ContainerConfig config) throws CommandException {
        if (options.on("no-healthcheck")) {
            return config.withHealthcheck(Optional.of(NONE));
        }
        Optional<String> command = options.nonEmpty("health-cmd");
        boolean changes = command.isPresent()
                || options.given("health-interval")
                || options.given("health-timeout")
                || options.given("health-retries")
                || options.given("health-start-period");
        if (!changes) {
            return config;
        }
        Healthcheck image = config.healthcheck()
                .orElse(new Healthcheck(List.of(), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0));
        return config.withHealthcheck(Optional.of(new Healthcheck(
                command.map(line -> List.of("CMD-SHELL", line)).orElse(image.test()),
                duration("health-interval", image.interval()),
                duration("health-timeout", image.timeout()),
                duration("health-start-period", image.startPeriod()),
                duration("health-start-interval", image.startInterval()),
                options.text("health-retries").map(Integer::parseInt).orElse(image.retries()))));
    }

    private Duration duration(String option, Duration otherwise) throws CommandException {
        Optional<String> given = options.text(option);
        if (given.isEmpty()) {
            return otherwise;
        }
        try {
            return GoDuration.parse(given.get());
        } catch (IllegalArgumentException e) {
            throw SpecReader.invalid(option, given.get(), e.getMessage());
        }
    }
}
