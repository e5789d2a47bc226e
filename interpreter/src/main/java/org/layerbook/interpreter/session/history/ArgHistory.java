package org.layerbook.interpreter.session.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.layerbook.engine.dockerfile.Instruction;

/** What an ARG was worth when it was carried out, which its history entry says: {@code ARG A=1 B=some text C}. */
final class ArgHistory {
    private ArgHistory() {}

    /** The value of each declaration, in order; empty when the entry is not that instruction's. */
    static Optional<List<Optional<String>>> values(String createdBy, Instruction.Arg arg) {
        String pattern = arg.declarations().stream()
                .map(declared -> Pattern.quote(declared.name()) + "(?:=(.*?))?")
                .collect(Collectors.joining(" ", "ARG ", ""));
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(createdBy);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var values = new ArrayList<Optional<String>>();
        for (int i = 1; i <= matcher.groupCount(); i++) {
            values.add(Optional.ofNullable(matcher.group(i)));
        }
        return Optional.of(List.copyOf(values));
    }
}
