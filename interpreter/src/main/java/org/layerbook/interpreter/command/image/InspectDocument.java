package org.layerbook.interpreter.command.image;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.interpreter.report.Created;
import org.layerbook.interpreter.template.GoNil;
import org.layerbook.interpreter.template.GoScalar;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** An image as {@code docker inspect} describes it: the fields of the API's {@code ImageInspect}, in its order. */
public final class InspectDocument {
    private InspectDocument() {}

    /** @param names of the image; @param driver what holds its file system */
    public static GoStruct of(Image image, List<Names.Name> names, String driver) {
        ImageConfig config = image.config();
        Instant created = Created.of(config.created()).orElse(DockerUnits.NO_TIME);
        Instant tagged = names.stream()
                .filter(name -> name.reference().tag().isPresent())
                .map(Names.Name::tagged)
                .max(Instant::compareTo)
                .orElse(DockerUnits.NO_TIME);
        return GoStruct.named("image.InspectResponse")
                .field("ID", "Id", false, image.id().toString())
                .field("RepoTags", references(names, false))
                .field("RepoDigests", references(names, true))
                .field("Parent", "")
                .field("Comment", comment(config))
                .field("Created", config.created().orElse(created.toString()))
                .field("DockerVersion", "")
                .field("Author", config.author().orElse(""))
                .field("Config", config(config.config()))
                .field("Architecture", config.platform().architecture())
                .omitEmpty("Variant", config.platform().variant().orElse(""))
                .field("Os", config.platform().os())
                .omitEmpty("OsVersion", config.platform().osVersion().orElse(""))
                .field("Size", image.size())
                .field("VirtualSize", "", true, image.size())
                .field(
                        "GraphDriver",
                        GoStruct.named("storage.DriverData")
                                .field("Data", null)
                                .field("Name", driver)
                                .build())
                .field("RootFS", rootFs(config))
                .field(
                        "Metadata",
                        GoStruct.named("image.Metadata")
                                .field("LastTagTime", time(tagged))
                                .build())
                .omitEmpty("Descriptor", null)
                .build();
    }

    private static List<String> references(List<Names.Name> names, boolean digests) {
        return names.stream()
                .map(Names.Name::reference)
                .filter(name -> name.digest().isPresent() == digests)
                .map(name -> name.familiar())
                .toList();
    }

    private static String comment(ImageConfig config) {
        return config.history().isEmpty()
                ? ""
                : config.history().getLast().comment().orElse("");
    }

    private static GoStruct rootFs(ImageConfig config) {
        return GoStruct.named("image.RootFS")
                .field("Type", "layers")
                .omitEmpty(
                        "Layers",
                        config.diffIds().stream().map(Object::toString).toList())
                .build();
    }

    /** Empty members are left out, as the client of today writes it. */
    static GoStruct config(ContainerConfig config) {
        return GoStruct.named("*v1.DockerOCIImageConfig")
                .omitEmpty("User", config.user())
                .omitEmpty("ExposedPorts", set(config.exposedPorts()))
                .omitEmpty("Env", GoNil.ifEmpty(config.env()))
                .omitEmpty("Entrypoint", config.entrypoint().orElse(GoNil.LIST))
                .omitEmpty("Cmd", config.cmd().orElse(GoNil.LIST))
                .omitEmpty("Volumes", set(config.volumes()))
                .omitEmpty("WorkingDir", config.workingDir())
                .omitEmpty("Labels", GoNil.ifEmpty(config.labels()))
                .omitEmpty("StopSignal", config.stopSignal().orElse(""))
                .omitEmpty("ArgsEscaped", config.argsEscaped())
                .omitEmpty(
                        "Healthcheck",
                        config.healthcheck().map(InspectDocument::healthcheck).orElse(null))
                .omitEmpty("OnBuild", GoNil.ifEmpty(config.onBuild()))
                .omitEmpty("Shell", config.shell().orElse(GoNil.LIST))
                .build();
    }

    /** As Go writes a set: a map from each member to nothing. */
    public static Map<String, ?> set(Collection<String> members) {
        var set = new LinkedHashMap<String, Object>();
        GoStruct nothing = GoStruct.named("struct {}").build();
        members.forEach(member -> set.put(member, nothing));
        return GoNil.ifEmpty(set);
    }

    public static GoStruct healthcheck(ContainerConfig.Healthcheck check) {
        return GoStruct.named("*v1.HealthcheckConfig")
                .omitEmpty("Test", check.test())
                .omitEmpty("Interval", duration(check.interval()))
                .omitEmpty("Timeout", duration(check.timeout()))
                .omitEmpty("StartPeriod", duration(check.startPeriod()))
                .omitEmpty("StartInterval", duration(check.startInterval()))
                .omitEmpty("Retries", check.retries())
                .build();
    }

    private static GoScalar time(Instant time) {
        String shown = DockerUnits.goTime(time, ZoneOffset.UTC);
        return new GoScalar("time.Time", shown, "\"" + time + "\"", false);
    }

    private static GoScalar duration(Duration duration) {
        return new GoScalar(
                "time.Duration", goDuration(duration), Long.toString(duration.toNanos()), duration.isZero());
    }

    /** {@code 1h2m3.5s}, as Go prints a duration. */
    public static String goDuration(Duration duration) {
        if (duration.compareTo(Duration.ofSeconds(1)) < 0 && !duration.isZero()) {
            return number(duration.toNanos() / 1e6) + "ms";
        }
        long hours = duration.toHours();
        long minutes = duration.toMinutesPart();
        String seconds = number(duration.toSecondsPart() + duration.toNanosPart() / 1e9) + "s";
        return hours > 0 ? hours + "h" + minutes + "m" + seconds : minutes > 0 ? minutes + "m" + seconds : seconds;
    }

    private static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
