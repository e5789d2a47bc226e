package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.Word;

/** COPY and ADD: their flags, and sources that may be heredocs. */
final class CopyParser {
    private CopyParser() {}

    static Instruction copy(Statement statement, Instruction.Origin origin) throws DockerfileException {
        checkDestination(statement);
        var flags = new FlagSet()
                .texts("chown", "from", "chmod")
                .booleans("link", "parents")
                .lists("exclude")
                .parse(statement);
        return new Instruction.Copy(
                origin,
                sources(statement),
                statement.arguments().getLast().text(),
                flags.text("from"),
                flags.text("chown"),
                flags.text("chmod"),
                flags.isSet("link"),
                flags.isSet("parents"),
                flags.list("exclude"));
    }

    static Instruction add(Statement statement, Instruction.Origin origin) throws DockerfileException {
        checkDestination(statement);
        var flags = new FlagSet()
                .texts("chown", "chmod", "checksum")
                .booleans("link", "keep-git-dir", "unpack")
                .lists("exclude")
                .parse(statement);
        return new Instruction.Add(
                origin,
                sources(statement),
                statement.arguments().getLast().text(),
                flags.text("chown"),
                flags.text("chmod"),
                flags.isSet("link"),
                false,
                flags.choice("keep-git-dir"),
                flags.text("checksum"),
                flags.choice("unpack"),
                flags.list("exclude"));
    }

    private static void checkDestination(Statement statement) throws DockerfileException {
        if (statement.arguments().size() < 2) {
            throw failure(
                    statement.range(),
                    statement.name() + " requires at least two arguments, but only one was provided. Destination could"
                            + " not be determined",
                    Keywords.example(statement.name()));
        }
        Word destination = statement.arguments().getLast();
        if (HeredocMarker.parseIfMarker(destination.text()).isPresent()) {
            throw failure(
                    statement.range(destination),
                    statement.name() + " cannot accept a heredoc as a destination",
                    "put the destination last, after <<" + "NAME");
        }
    }

    private static Instruction.Sources sources(Statement statement) {
        Map<String, Instruction.Heredoc> bodies = new HashMap<>();
        statement.line().heredocs().forEach(body -> bodies.put(body.delimiter(), body));
        List<String> paths = new ArrayList<>();
        List<Instruction.Heredoc> heredocs = new ArrayList<>();
        for (Word source :
                statement.arguments().subList(0, statement.arguments().size() - 1)) {
            var marker = HeredocMarker.parseIfMarker(source.text());
            if (marker.isEmpty()) {
                paths.add(source.text());
            } else {
                HeredocMarker found = marker.get();
                var body = Optional.ofNullable(bodies.get(found.name()));
                heredocs.add(new Instruction.Heredoc(
                        found.name(),
                        found.expand(),
                        found.stripTabs(),
                        body.map(Instruction.Heredoc::content).orElse("")));
            }
        }
        return new Instruction.Sources(List.copyOf(paths), List.copyOf(heredocs));
    }

    private static DockerfileException failure(SourceRange place, String message, String hint) {
        return new DockerfileException(new Diagnostic(place, message, Optional.of(hint)));
    }
}
