package org.layerbook.engine.builder.plan;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;

/** Expands the words of one instruction; what cannot be expanded is an error at the instruction's place. */
public final class Words {
    private final Environment environment;
    private final Instruction instruction;
    private final WordExpander expander;

    public Words(Environment environment, Instruction instruction) {
        this.environment = environment;
        this.instruction = instruction;
        this.expander = new WordExpander(instruction.origin().escape());
    }

    Words in(Environment other) {
        return new Words(other, instruction);
    }

    Instruction instruction() {
        return instruction;
    }

    String word(String text) throws DockerfileException {
        return expand(expander, text).word();
    }

    /** As {@link #word}, for readers that report what cannot be expanded themselves. */
    String raw(String text) throws ExpansionException {
        return expander.expand(text, environment::get).word();
    }

    List<String> words(String text) throws DockerfileException {
        return expand(expander, text).words();
    }

    List<String> each(List<String> texts) throws DockerfileException {
        var expanded = new ArrayList<String>(texts.size());
        for (String text : texts) {
            expanded.add(word(text));
        }
        return expanded;
    }

    List<Instruction.KeyValue> pairs(List<Instruction.KeyValue> pairs) throws DockerfileException {
        var expanded = new ArrayList<Instruction.KeyValue>(pairs.size());
        for (Instruction.KeyValue pair : pairs) {
            expanded.add(new Instruction.KeyValue(word(pair.key()), word(pair.value())));
        }
        return expanded;
    }

    /** The body of an unquoted heredoc of COPY or ADD. */
    String heredoc(String body) throws DockerfileException {
        return expand(WordExpander.forHeredocBodies(), body).word();
    }

    private WordExpander.Expansion expand(WordExpander by, String text) throws DockerfileException {
        try {
            return by.expand(text, environment::get);
        } catch (ExpansionException e) {
            throw new DockerfileException(Diagnostic.of(instruction.origin().range(), e.getMessage()));
        }
    }
}
