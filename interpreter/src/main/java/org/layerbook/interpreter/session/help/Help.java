package org.layerbook.interpreter.session.help;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.magic.Magic;
import org.layerbook.interpreter.magic.Magics;

/** What {@code NAME?} and the inspector say. Pure. */
public final class Help {
    private final Magics magics;
    private final Function<String, Optional<String>> docker;

    /** @param docker help on a command, by its words without {@code docker} */
    public Help(Magics magics, Function<String, Optional<String>> docker) {
        this.magics = magics;
        this.docker = docker;
    }

    /** @param topic an instruction in any case, a magic with or without its percent signs, {@code docker build} */
    public Optional<Rendered> on(String topic) {
        String text = topic.strip();
        if (text.isEmpty()) {
            return Optional.of(Rendered.text(CELL));
        }
        if (text.equals("docker") || text.startsWith("docker ")) {
            return docker.apply(text.substring("docker".length()).strip()).map(Rendered::text);
        }
        List<Magic> found = magics.called(text);
        Optional<String> instruction = text.startsWith("%") ? Optional.empty() : InstructionHelp.on(text);
        return instruction
                .or(() -> found.isEmpty()
                        ? Optional.empty()
                        : Optional.of(found.stream().map(Magic::helpText).collect(Collectors.joining("\n\n"))))
                .or(() -> docker.apply(text))
                .map(Rendered::text);
    }

    private static final String CELL = """
            A cell can contain, in any order:
              FROM busybox              Dockerfile instructions; each changes the live image, @
              docker history @          docker commands for stored images and this session's
              %stages                   magics: %lsmagic lists them
              !ls                       commands on this host
              RUN?  docker build?       help for an instruction, a command, a magic

            @ is the live image, @NAME or @N a stage, @[N] the image after In [N].""";
}
