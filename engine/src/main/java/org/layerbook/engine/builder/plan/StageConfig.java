package org.layerbook.engine.builder.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;

/**
 * The image config of a stage while it is built, with what later instructions need besides. A value.
 *
 * @param history oldest first; steps that made no layer have no time yet ({@link HistoryTimes} says which they get)
 * @param args build arguments in scope
 * @param environment the image's variables and the arguments, later over earlier: what expansion sees
 * @param cmdSet whether this stage has a CMD of its own, which a later ENTRYPOINT then keeps
 */
public record StageConfig(
        Platform platform,
        Optional<String> author,
        ContainerConfig config,
        List<ImageConfig.History> history,
        ArgScope args,
        Environment environment,
        boolean cmdSet) {
    /** Docker's default for Linux; what a scratch image and a base without a PATH get. */
    public static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final String HISTORY_COMMENT = "buildkit.dockerfile.v0";

    public StageConfig {
        history = List.copyOf(history);
    }

    /** What {@code FROM scratch} begins with. */
    public static StageConfig scratch(Platform platform) {
        return new StageConfig(
                        platform,
                        Optional.empty(),
                        ContainerConfig.EMPTY.withWorkingDir("/"),
                        List.of(),
                        ArgScope.EMPTY,
                        Environment.EMPTY,
                        false)
                .withBaseEnvironment();
    }

    /** What FROM an image begins with; triggers are the caller's to run. @param name of the image, in full */
    public static StageConfig of(ImageConfig base, String name) {
        return new StageConfig(
                        base.platform(),
                        base.author(),
                        base.config().withOnBuild(List.of()),
                        BaseHistory.of(base, name),
                        ArgScope.EMPTY,
                        Environment.EMPTY,
                        false)
                .withBaseEnvironment();
    }

    /** What FROM another stage begins with: all but its triggers, which are the caller's to run. */
    public StageConfig inherited() {
        return new StageConfig(platform, author, config.withOnBuild(List.of()), history, args, environment, false)
                .withBaseEnvironment();
    }

    List<String> defaultShell() {
        return isWindows() ? List.of("cmd", "/S", "/C") : List.of("/bin/sh", "-c");
    }

    private boolean isWindows() {
        return platform.os().equals("windows");
    }

    /** At the start of a stage there is always a PATH, but for Windows, which has its own; and the image's variables stand over inherited arguments. */
    private StageConfig withBaseEnvironment() {
        ContainerConfig withPath = isWindows() || config.env().stream().anyMatch(e -> e.startsWith("PATH="))
                ? config
                : config.withEnv("PATH", DEFAULT_PATH);
        return withConfig(withPath).withEnvironment(environment.withAll(withPath.env()));
    }

    public StageConfig withConfig(ContainerConfig changed) {
        return new StageConfig(platform, author, changed, history, args, environment, cmdSet);
    }

    StageConfig withEnvironment(Environment changed) {
        return new StageConfig(platform, author, config, history, args, changed, cmdSet);
    }

    StageConfig withArgs(ArgScope changed) {
        return new StageConfig(platform, author, config, history, changed, environment, cmdSet);
    }

    StageConfig withAuthor(String changed) {
        return new StageConfig(platform, Optional.of(changed), config, history, args, environment, cmdSet);
    }

    StageConfig withCmdSet() {
        return new StageConfig(platform, author, config, history, args, environment, true);
    }

    public StageConfig withPlatform(Platform changed) {
        return new StageConfig(changed, author, config, history, args, environment, cmdSet);
    }

    /** @param created RFC 3339, where it is known already (SOURCE_DATE_EPOCH) */
    StageConfig withHistory(String createdBy, boolean emptyLayer, Optional<String> created) {
        return withHistory(createdBy, HISTORY_COMMENT, emptyLayer, created);
    }

    /** The entry of a layer that no instruction made. */
    public StageConfig withContextLayer(String createdBy) {
        return withHistory(createdBy, BaseHistory.EXPORTER_COMMENT, false, Optional.empty());
    }

    private StageConfig withHistory(String createdBy, String comment, boolean emptyLayer, Optional<String> created) {
        var longer = new ArrayList<>(history);
        longer.add(new ImageConfig.History(
                created, Optional.of(createdBy), Optional.empty(), Optional.of(comment), emptyLayer));
        return new StageConfig(platform, author, config, longer, args, environment, cmdSet);
    }

    /** The last entry gets the time at which its layer was made, unless it has one. */
    public StageConfig withLayerTime(String created) {
        var changed = new ArrayList<>(history);
        ImageConfig.History last = changed.removeLast();
        changed.add(new ImageConfig.History(
                last.created().or(() -> Optional.of(created)),
                last.createdBy(),
                last.author(),
                last.comment(),
                last.emptyLayer()));
        return new StageConfig(platform, author, config, changed, args, environment, cmdSet);
    }
}
