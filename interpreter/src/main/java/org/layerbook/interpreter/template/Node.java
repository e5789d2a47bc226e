package org.layerbook.interpreter.template;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.golang.GoText;

/** A parsed template. {@code position} is what messages point at; {@code toString} how they quote it. */
sealed interface Node {
    int position();

    record Text(int position, String text) implements Node {
        @Override
        public String toString() {
            return text;
        }
    }

    record Block(int position, List<Node> nodes) implements Node {
        @Override
        public String toString() {
            return nodes.stream().map(Node::toString).collect(Collectors.joining());
        }
    }

    record Action(int position, Pipeline pipeline) implements Node {
        @Override
        public String toString() {
            return "{{" + pipeline + "}}";
        }
    }

    enum BranchKind {
        IF,
        RANGE,
        WITH;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    record Branch(int position, BranchKind kind, Pipeline pipeline, Block body, Optional<Block> otherwise)
            implements Node {
        @Override
        public String toString() {
            String end = otherwise.map(block -> "{{else}}" + block).orElse("") + "{{end}}";
            return "{{" + kind.word() + " " + pipeline + "}}" + body + end;
        }
    }

    /** {@code break} or {@code continue}. */
    record Jump(int position, boolean leaves) implements Node {
        @Override
        public String toString() {
            return leaves ? "{{break}}" : "{{continue}}";
        }
    }

    record Include(int position, String name, Optional<Pipeline> pipeline) implements Node {
        @Override
        public String toString() {
            return "{{template " + GoText.quote(name)
                    + pipeline.map(pipe -> " " + pipe).orElse("") + "}}";
        }
    }

    /** @param assigns {@code =} instead of {@code :=} */
    record Pipeline(int position, List<Variable> declared, boolean assigns, List<Command> commands) implements Node {
        @Override
        public String toString() {
            String names = declared.stream().map(Variable::toString).collect(Collectors.joining(", "));
            String head = declared.isEmpty() ? "" : names + (assigns ? " = " : " := ");
            return head + commands.stream().map(Command::toString).collect(Collectors.joining(" | "));
        }
    }

    record Command(int position, List<Node> words) implements Node {
        @Override
        public String toString() {
            return words.stream()
                    .map(word -> word instanceof Pipeline ? "(" + word + ")" : word.toString())
                    .collect(Collectors.joining(" "));
        }
    }

    /** {@code .a.b} */
    record Field(int position, List<String> names) implements Node {
        @Override
        public String toString() {
            return names.stream().map(name -> "." + name).collect(Collectors.joining());
        }
    }

    /** {@code $x.a.b}; {@code $} alone is called the empty name. */
    record Variable(int position, String name, List<String> fields) implements Node {
        @Override
        public String toString() {
            return name + fields.stream().map(field -> "." + field).collect(Collectors.joining());
        }
    }

    /** {@code (…).a.b} */
    record Chain(int position, Node inner, List<String> names) implements Node {
        @Override
        public String toString() {
            String base = inner instanceof Pipeline ? "(" + inner + ")" : inner.toString();
            return base + names.stream().map(name -> "." + name).collect(Collectors.joining());
        }
    }

    record Function(int position, String name) implements Node {
        @Override
        public String toString() {
            return name;
        }
    }

    record Dot(int position) implements Node {
        @Override
        public String toString() {
            return ".";
        }
    }

    record Nil(int position) implements Node {
        @Override
        public String toString() {
            return "nil";
        }
    }

    /** @param source as written */
    record Constant(int position, Object value, String source) implements Node {
        @Override
        public String toString() {
            return source;
        }
    }
}
