package org.layerbook.engine.oci;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.oci.ContainerConfig.Healthcheck;
import org.layerbook.engine.oci.ImageConfig.History;

/**
 * The wire form of {@link ImageConfig}: the OCI image specification's "Image Configuration" with docker's additions.
 *
 * <p>Written as BuildKit writes it: the outermost members sorted by name (it patches them in a Go map), those of
 * {@code config} in the order of the OCI struct followed by docker's Healthcheck, OnBuild and Shell; empty members left
 * out, except {@code config}, {@code history} and {@code rootfs}. Members that this does not know are passed over when
 * reading, as BuildKit does with a base image's.
 */
final class ImageConfigWire {
    private ImageConfigWire() {}

    static ImageConfig read(byte[] bytes) throws MalformedException {
        Json json = Json.parse(bytes, "image config");
        Json rootFs = json.require("rootfs");
        var diffIds = new ArrayList<Digest>();
        for (Json diffId : rootFs.elements("diff_ids")) {
            diffIds.add(diffId.digest());
        }
        var history = new ArrayList<History>();
        for (Json entry : json.elements("history")) {
            history.add(new History(
                    entry.string("created"),
                    entry.string("created_by"),
                    entry.string("author"),
                    entry.string("comment"),
                    entry.bool("empty_layer")));
        }
        Optional<Json> config = json.get("config");
        return new ImageConfig(
                platform(json),
                json.string("created"),
                json.string("author"),
                config.isPresent() ? containerConfig(config.get()) : ContainerConfig.EMPTY,
                diffIds,
                history);
    }

    private static Platform platform(Json json) throws MalformedException {
        Platform host = Platform.host();
        return new Platform(
                json.string("os").orElse(host.os()),
                json.string("architecture").orElse(host.architecture()),
                json.string("variant"),
                json.string("os.version"),
                json.strings("os.features"));
    }

    static ContainerConfig containerConfig(Json json) throws MalformedException {
        Optional<Json> healthcheck = json.get("Healthcheck");
        return new ContainerConfig(
                json.string("User").orElse(""),
                keys(json, "ExposedPorts"),
                json.strings("Env"),
                list(json, "Entrypoint"),
                list(json, "Cmd"),
                keys(json, "Volumes"),
                json.string("WorkingDir").orElse(""),
                json.stringMap("Labels"),
                json.string("StopSignal"),
                healthcheck.isPresent() ? Optional.of(healthcheck(healthcheck.get())) : Optional.empty(),
                json.strings("OnBuild"),
                list(json, "Shell"),
                json.bool("ArgsEscaped"));
    }

    private static Healthcheck healthcheck(Json json) throws MalformedException {
        return new Healthcheck(
                json.strings("Test"),
                Duration.ofNanos(json.integer("Interval")),
                Duration.ofNanos(json.integer("Timeout")),
                Duration.ofNanos(json.integer("StartPeriod")),
                Duration.ofNanos(json.integer("StartInterval")),
                Math.toIntExact(Math.clamp(json.integer("Retries"), Integer.MIN_VALUE, Integer.MAX_VALUE)));
    }

    /** Null and absent are "none"; an empty list stays one. */
    private static Optional<List<String>> list(Json json, String name) throws MalformedException {
        return json.get(name).isEmpty() ? Optional.empty() : Optional.of(json.strings(name));
    }

    private static Set<String> keys(Json json, String name) throws MalformedException {
        Optional<Json> member = json.get(name);
        return member.isEmpty() ? Set.of() : member.get().members().keySet();
    }

    static byte[] write(ImageConfig image) {
        return GoJson.object(json -> {
            json.string("architecture", image.platform().architecture());
            image.author().ifPresent(author -> json.stringIfAny("author", author));
            json.object("config", config -> containerConfig(config, image.config()));
            image.created()
                    .ifPresentOrElse(time -> json.string("created", goTime(time)), () -> json.nullMember("created"));
            if (image.history().isEmpty()) {
                json.nullMember("history");
            } else {
                json.objects("history", image.history(), ImageConfigWire::history);
            }
            json.string("os", image.platform().os());
            json.stringsIfAny("os.features", image.platform().osFeatures());
            image.platform().osVersion().ifPresent(version -> json.stringIfAny("os.version", version));
            json.object("rootfs", rootFs -> rootFs(rootFs, image.diffIds()));
            image.platform().variant().ifPresent(variant -> json.stringIfAny("variant", variant));
        });
    }

    private static void rootFs(GoJson json, List<Digest> diffIds) {
        json.string("type", "layers");
        if (diffIds.isEmpty()) {
            json.nullMember("diff_ids"); // a nil slice, in Go
        } else {
            json.strings("diff_ids", diffIds.stream().map(Digest::toString).toList());
        }
    }

    static void containerConfig(GoJson json, ContainerConfig config) {
        json.stringIfAny("User", config.user())
                .setIfAny("ExposedPorts", config.exposedPorts())
                .stringsIfAny("Env", config.env())
                .stringsIfAny("Entrypoint", config.entrypoint().orElse(List.of()))
                .stringsIfAny("Cmd", config.cmd().orElse(List.of()))
                .setIfAny("Volumes", config.volumes())
                .stringIfAny("WorkingDir", config.workingDir())
                .mapIfAny("Labels", config.labels())
                .stringIfAny("StopSignal", config.stopSignal().orElse(""))
                .trueIf("ArgsEscaped", config.argsEscaped());
        config.healthcheck().ifPresent(check -> json.object("Healthcheck", object -> healthcheck(object, check)));
        json.stringsIfAny("OnBuild", config.onBuild())
                .stringsIfAny("Shell", config.shell().orElse(List.of()));
    }

    private static void healthcheck(GoJson json, Healthcheck check) {
        json.stringsIfAny("Test", check.test())
                .numberIfAny("Interval", check.interval().toNanos())
                .numberIfAny("Timeout", check.timeout().toNanos())
                .numberIfAny("StartPeriod", check.startPeriod().toNanos())
                .numberIfAny("StartInterval", check.startInterval().toNanos())
                .numberIfAny("Retries", check.retries());
    }

    private static void history(GoJson json, History entry) {
        entry.created().ifPresent(time -> json.string("created", goTime(time)));
        json.stringIfAny("created_by", entry.createdBy().orElse(""))
                .stringIfAny("author", entry.author().orElse(""))
                .stringIfAny("comment", entry.comment().orElse(""))
                .trueIf("empty_layer", entry.emptyLayer());
    }

    /** Go reads a time and writes it without the fraction's trailing zeros, and a zero offset as Z. */
    static String goTime(String time) {
        String zone = "Z";
        String rest = time;
        int length = time.length();
        if (time.endsWith("Z")) {
            rest = time.substring(0, length - 1);
        } else if (length > 6 && (time.charAt(length - 6) == '+' || time.charAt(length - 6) == '-')) {
            zone = time.substring(length - 5).equals("00:00") ? "Z" : time.substring(length - 6);
            rest = time.substring(0, length - 6);
        } else {
            return time;
        }
        int dot = rest.indexOf('.');
        if (dot >= 0) {
            int end = rest.length();
            while (rest.charAt(end - 1) == '0') {
                end--;
            }
            rest = rest.substring(0, end - 1 == dot ? dot : end);
        }
        return rest + zone;
    }
}
