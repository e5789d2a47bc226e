package org.layerbook.interpreter.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;

/** Images and steps made up for tests; nothing of them is in a store. */
public final class Samples {
    public static final String PYTHON = "python:3.12-slim";

    private Samples() {}

    /** An image of layers with these sizes, each made by a history entry of its own. */
    public static Image image(String name, ContainerConfig config, long... sizes) {
        var layers = new ArrayList<Layer>();
        var history = new ArrayList<ImageConfig.History>();
        Optional<Digest> below = Optional.empty();
        for (int i = 0; i < sizes.length; i++) {
            Digest diffId = digest(name + i);
            Digest chain = Layer.chain(below, diffId);
            layers.add(new Layer(diffId, chain, sizes[i], Optional.empty()));
            below = Optional.of(chain);
            history.add(new ImageConfig.History(
                    Optional.of("2026-01-0" + (i + 1) + "T10:00:00Z"),
                    Optional.of("RUN /bin/sh -c make step" + i + " # buildkit"),
                    Optional.empty(),
                    Optional.of("buildkit.dockerfile.v0"),
                    false));
        }
        var imageConfig = new ImageConfig(
                new Platform("linux", "amd64"),
                Optional.of("2026-01-05T10:00:00Z"),
                Optional.empty(),
                config,
                layers.stream().map(Layer::diffId).toList(),
                history);
        return new Image(Bytes.of(name.getBytes(StandardCharsets.UTF_8)), imageConfig, layers, Optional.empty());
    }

    public static Digest digest(String of) {
        return Digest.sha256(of.getBytes(StandardCharsets.UTF_8));
    }

    public static Instruction.Run run(String line) {
        return new Instruction.Run(
                origin("RUN " + line),
                new Instruction.CommandLine.Shell(line, List.of()),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    public static Instruction.From from(String image) {
        return new Instruction.From(origin("FROM " + image), Optional.empty(), image, Optional.empty());
    }

    public static Instruction.Copy copy(String source, String destination) {
        return new Instruction.Copy(
                origin("COPY " + source + " " + destination),
                new Instruction.Sources(List.of(source), List.of()),
                destination,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                List.of());
    }

    public static Instruction.Workdir workdir(String path) {
        return new Instruction.Workdir(origin("WORKDIR " + path), path);
    }

    public static Instruction.Origin origin(String text) {
        int lines = (int) text.lines().count();
        return new Instruction.Origin(new SourceRange(1, 1, lines, text.length() + 1), text, '\\');
    }

    /** A step with its layer, the top one of {@code image}. */
    public static StepRecord record(
            Instruction instruction, boolean cached, long millis, Image image, Change... changes) {
        return record(
                instruction, cached, millis, image, Optional.of(image.layers().getLast()), changes);
    }

    /** A step that made no layer. */
    public static StepRecord metadata(Instruction instruction, boolean cached, Image image) {
        return record(instruction, cached, 0, image, Optional.empty());
    }

    private static StepRecord record(
            Instruction instruction,
            boolean cached,
            long millis,
            Image image,
            Optional<Layer> layer,
            Change... changes) {
        return new StepRecord(
                instruction,
                false,
                List.of(),
                Optional.empty(),
                image,
                layer,
                new LayerChanges(List.of(changes)),
                cached,
                Duration.ofMillis(millis),
                Optional.empty(),
                Optional.empty());
    }

    public static Change added(String path, long size) {
        return new Change(Kind.ADDED, path, FileKind.FILE, size);
    }

    public static Change modified(String path, long size) {
        return new Change(Kind.MODIFIED, path, FileKind.FILE, size);
    }

    public static Change deleted(String path) {
        return new Change(Kind.DELETED, path, FileKind.FILE, 0);
    }
}
