package org.layerbook.interpreter.command;

import java.util.List;
import org.layerbook.interpreter.command.build.BuildCommand;
import org.layerbook.interpreter.command.builder.BuilderCommands;
import org.layerbook.interpreter.command.builder.CreateBuilderCommand;
import org.layerbook.interpreter.command.builder.RemoveBuilderCommand;
import org.layerbook.interpreter.command.container.AttachCommand;
import org.layerbook.interpreter.command.container.ContainerCommands;
import org.layerbook.interpreter.command.container.ContainerPruneCommand;
import org.layerbook.interpreter.command.container.CopyCommand;
import org.layerbook.interpreter.command.container.EventsCommand;
import org.layerbook.interpreter.command.container.ExecCommand;
import org.layerbook.interpreter.command.container.FileCommands;
import org.layerbook.interpreter.command.container.LogsCommand;
import org.layerbook.interpreter.command.container.PortCommand;
import org.layerbook.interpreter.command.container.PsCommand;
import org.layerbook.interpreter.command.container.StartCommand;
import org.layerbook.interpreter.command.container.StatsCommand;
import org.layerbook.interpreter.command.container.TopCommand;
import org.layerbook.interpreter.command.container.UpdateCommand;
import org.layerbook.interpreter.command.container.create.RunCommand;
import org.layerbook.interpreter.command.image.ArchiveCommands;
import org.layerbook.interpreter.command.image.BundleCommand;
import org.layerbook.interpreter.command.image.HistoryCommand;
import org.layerbook.interpreter.command.image.ImagesCommand;
import org.layerbook.interpreter.command.image.RemoveCommand;
import org.layerbook.interpreter.command.image.TagCommand;
import org.layerbook.interpreter.command.network.InspectNetworkCommand;
import org.layerbook.interpreter.command.network.NetworkCommands;
import org.layerbook.interpreter.command.registry.ImagetoolsCommand;
import org.layerbook.interpreter.command.registry.LoginCommands;
import org.layerbook.interpreter.command.registry.ManifestCommand;
import org.layerbook.interpreter.command.registry.PullCommand;
import org.layerbook.interpreter.command.registry.PushCommand;
import org.layerbook.interpreter.command.spec.CommandGroup;
import org.layerbook.interpreter.command.spec.CommandTable;
import org.layerbook.interpreter.command.system.BuildxCommands;
import org.layerbook.interpreter.command.system.DiskUsageCommand;
import org.layerbook.interpreter.command.system.InfoCommand;
import org.layerbook.interpreter.command.system.InspectCommand;
import org.layerbook.interpreter.command.system.PruneCommands;
import org.layerbook.interpreter.command.system.VersionCommand;
import org.layerbook.interpreter.command.volume.VolumeCommands;

/** Every command that Layerbook has. */
final class Commands {
    private Commands() {}

    static CommandTable table() {
        return new CommandTable(
                List.of(
                        CommandGroup.of("builder", "Manage builds"),
                        CommandGroup.of("buildx", "Extended build capabilities with BuildKit")
                                .withOption(BuilderCommands.BUILDER),
                        CommandGroup.of("buildx imagetools", "Commands to work on images in registry"),
                        CommandGroup.of("container", "Manage containers"),
                        CommandGroup.of("image", "Manage images"),
                        CommandGroup.of("network", "Manage networks"),
                        CommandGroup.of("manifest", "Manage Docker image manifests and manifest lists")
                                .withUsage("COMMAND"),
                        CommandGroup.of("system", "Manage Docker"),
                        CommandGroup.of("volume", "Manage volumes")),
                List.of(
                        BuildCommand.SPEC,
                        ImagesCommand.SPEC,
                        HistoryCommand.SPEC,
                        InspectCommand.ANY,
                        InspectCommand.IMAGE,
                        TagCommand.SPEC,
                        PullCommand.SPEC,
                        PushCommand.SPEC,
                        LoginCommands.LOGIN,
                        LoginCommands.LOGOUT,
                        ImagetoolsCommand.SPEC,
                        ArchiveCommands.SAVE,
                        BundleCommand.SPEC,
                        ArchiveCommands.LOAD,
                        ArchiveCommands.IMPORT,
                        RemoveCommand.SPEC,
                        PruneCommands.IMAGE,
                        PruneCommands.BUILDER,
                        PruneCommands.SYSTEM,
                        BuildxCommands.DISK_USAGE,
                        CreateBuilderCommand.SPEC,
                        BuilderCommands.INSPECT,
                        BuilderCommands.LIST,
                        RemoveBuilderCommand.SPEC,
                        BuilderCommands.STOP,
                        BuilderCommands.USE,
                        BuildxCommands.VERSION,
                        ManifestCommand.INSPECT,
                        DiskUsageCommand.SPEC,
                        VersionCommand.SPEC,
                        InfoCommand.SPEC,
                        RunCommand.RUN,
                        RunCommand.CREATE,
                        StartCommand.SPEC,
                        ContainerCommands.STOP,
                        ContainerCommands.RESTART,
                        ContainerCommands.KILL,
                        ContainerCommands.REMOVE,
                        ContainerCommands.RENAME,
                        ContainerCommands.WAIT,
                        CopyCommand.SPEC,
                        FileCommands.COMMIT,
                        FileCommands.DIFF,
                        FileCommands.EXPORT,
                        VolumeCommands.CREATE,
                        VolumeCommands.INSPECT,
                        VolumeCommands.LIST,
                        VolumeCommands.PRUNE,
                        VolumeCommands.REMOVE,
                        ContainerCommands.PAUSE,
                        ContainerCommands.UNPAUSE,
                        ExecCommand.SPEC,
                        AttachCommand.SPEC,
                        TopCommand.SPEC,
                        PortCommand.SPEC,
                        UpdateCommand.SPEC,
                        EventsCommand.SPEC,
                        StatsCommand.SPEC,
                        ContainerPruneCommand.SPEC,
                        InspectCommand.CONTAINER,
                        LogsCommand.SPEC,
                        PsCommand.SPEC,
                        NetworkCommands.CREATE,
                        NetworkCommands.LIST,
                        NetworkCommands.REMOVE,
                        NetworkCommands.PRUNE,
                        InspectNetworkCommand.SPEC));
    }
}
