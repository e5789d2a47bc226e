package org.layerbook.interpreter.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.template.Node.BranchKind;
import org.layerbook.interpreter.template.TemplateFunction.Kind;

/**
 * Carries out a template on one value. Follows Go's evaluator in what it accepts and in which node it names when
 * something is wrong: the one it visited last.
 */
final class Evaluator {
    private static final int MOST_DEPTH = 200;
    private static final int MOST_OUTPUT = 64 << 20;

    private final String source;
    private final Parser.Parsed template;
    private final Map<String, TemplateFunction> functions;
    private final boolean missingIsError;
    private final StringBuilder out = new StringBuilder();
    private Variables variables = new Variables(null);
    private Node at;
    /** Of the template that is being carried out: the outer one has none. */
    private String name = "";

    private int depth;

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    Evaluator(String source, Parser.Parsed template, Map<String, TemplateFunction> functions, boolean missingIsError) {
        this.source = source;
        this.template = template;
        this.functions = functions;
        this.missingIsError = missingIsError;
        this.at = template.body();
    }

    String run(Object data) throws TemplateException {
        variables = new Variables(data);
        block(data, template.body());
        return out.toString();
    }

    private TemplateException fault(String message) {
        String before = source.substring(0, at.position());
        int lineStart = before.lastIndexOf('\n') + 1;
        long line = 1 + before.chars().filter(c -> c == '\n').count();
        return new TemplateException(
                "template: :" + line + ":" + (at.position() - lineStart) + ": executing " + GoText.quote(name) + " at <"
                        + at + ">: " + message,
                out.toString());
    }

    private Flow block(Object dot, Node.Block block) throws TemplateException {
        for (Node node : block.nodes()) {
            Flow flow = walk(dot, node);
            if (flow != Flow.ON) {
                return flow;
            }
            if (out.length() > MOST_OUTPUT) {
                throw fault("the result is too long");
            }
        }
        return Flow.ON;
    }

    private Flow walk(Object dot, Node node) throws TemplateException {
        at = node;
        switch (node) {
            case Node.Text text -> out.append(text.text());
            case Node.Action action -> {
                Object value = pipeline(dot, action.pipeline());
                if (action.pipeline().declared().isEmpty()) {
                    out.append(GoValues.shown(value));
                }
            }
            case Node.Branch branch -> {
                int scope = variables.count();
                Flow flow = branch.kind() == BranchKind.RANGE ? range(dot, branch) : choose(dot, branch);
                variables.forget(scope);
                return flow;
            }
            case Node.Jump jump -> {
                return jump.leaves() ? Flow.BREAK : Flow.CONTINUE;
            }
            case Node.Include include -> include(dot, include);
            default -> throw fault("unknown node: " + node);
        }
        return Flow.ON;
    }

    private Flow choose(Object dot, Node.Branch branch) throws TemplateException {
        Object value = pipeline(dot, branch.pipeline());
        if (GoValues.isTrue(value)) {
            return block(branch.kind() == BranchKind.WITH ? value : dot, branch.body());
        }
        return branch.otherwise().isPresent() ? block(dot, branch.otherwise().get()) : Flow.ON;
    }

    private Flow range(Object dot, Node.Branch branch) throws TemplateException {
        Object value = pipeline(dot, branch.pipeline());
        List<Object[]> elements = elements(value);
        if (value instanceof Number && branch.pipeline().declared().size() > 1) {
            throw fault("can't use " + value + " to iterate over more than one variable");
        }
        if (elements.isEmpty() && branch.otherwise().isPresent()) {
            return block(dot, branch.otherwise().get());
        }
        List<Node.Variable> declared = branch.pipeline().declared();
        for (Object[] element : elements) {
            int scope = variables.count();
            if (declared.size() == 1) {
                bind(declared.getFirst().name(), element[1], branch.pipeline().assigns());
            } else if (declared.size() == 2) {
                bind(declared.get(0).name(), element[0], branch.pipeline().assigns());
                bind(declared.get(1).name(), element[1], branch.pipeline().assigns());
            }
            Flow flow = block(element[1], branch.body());
            variables.forget(scope);
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    /** Keys and elements. */
    private List<Object[]> elements(Object value) throws TemplateException {
        var elements = new ArrayList<Object[]>();
        switch (value) {
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    elements.add(new Object[] {i, list.get(i)});
                }
            }
            case Map<?, ?> map ->
                GoValues.sorted(map).forEach((key, element) -> elements.add(new Object[] {key, element}));
            case Number number
            when number instanceof Integer || number instanceof Long -> {
                for (int i = 0; i < Math.min(number.longValue(), 1_000_000); i++) {
                    elements.add(new Object[] {i, i});
                }
            }
            case null -> {}
            case GoValues.Missing missing -> {}
            default -> throw fault("range can't iterate over " + GoValues.print(value, false));
        }
        return elements;
    }

    private void include(Object dot, Node.Include include) throws TemplateException {
        Node.Block body = template.defined().get(include.name());
        if (body == null) {
            throw fault("template " + GoText.quote(include.name()) + " not defined");
        }
        if (++depth > MOST_DEPTH) {
            throw fault("exceeded maximum template depth (" + MOST_DEPTH + ")");
        }
        Object data = include.pipeline().isPresent()
                ? pipeline(dot, include.pipeline().get())
                : GoValues.Missing.NO_VALUE;
        Variables outer = variables;
        variables = new Variables(data);
        String outerName = name;
        name = include.name();
        block(data, body);
        name = outerName;
        variables = outer;
        depth--;
    }

    private void bind(String name, Object value, boolean assigns) throws TemplateException {
        if (!assigns) {
            variables.declare(name, value);
        } else if (!variables.assign(name, value)) {
            throw fault("undefined variable: " + name);
        }
    }

    private Object pipeline(Object dot, Node.Pipeline pipeline) throws TemplateException {
        at = pipeline;
        Optional<Object[]> piped = Optional.empty();
        for (Node.Command command : pipeline.commands()) {
            piped = Optional.of(new Object[] {command(dot, command, piped)});
        }
        Object value = piped.orElseThrow()[0];
        for (Node.Variable variable : pipeline.declared()) {
            bind(variable.name(), value, pipeline.assigns());
        }
        return value;
    }

    /** @param piped what the command before it resulted in, in an array since that may be nil */
    private Object command(Object dot, Node.Command command, Optional<Object[]> piped) throws TemplateException {
        Node first = command.words().getFirst();
        switch (first) {
            case Node.Field field -> {
                at = field;
                return fields(dot, dot, field.names(), field, command, piped);
            }
            case Node.Chain chain -> {
                at = chain;
                return chain(dot, chain, command, piped);
            }
            case Node.Function function -> {
                at = function;
                return call(dot, function.name(), command, piped);
            }
            case Node.Variable variable -> {
                at = variable;
                Object value = variables.value(variable.name());
                if (variable.fields().isEmpty()) {
                    noArguments(command, piped, variable);
                    return value;
                }
                return fields(dot, value, variable.fields(), variable, command, piped);
            }
            default -> {
                if (!(first instanceof Node.Pipeline)) {
                    at = first;
                }
                noArguments(command, piped, first);
                return switch (first) {
                    case Node.Pipeline inner -> pipeline(dot, inner);
                    case Node.Constant constant -> constant(constant);
                    case Node.Dot here -> dot;
                    case Node.Nil nil -> throw fault("nil is not a command");
                    default -> throw fault("can't evaluate command " + GoText.quote(first.toString()));
                };
            }
        }
    }

    private Object constant(Node.Constant constant) throws TemplateException {
        if (constant.value() == GoNumbers.TooLarge.NUMBER) {
            throw fault(constant + " overflows int");
        }
        return constant.value();
    }

    private void noArguments(Node.Command command, Optional<Object[]> piped, Node first) throws TemplateException {
        if (command.words().size() > 1 || piped.isPresent()) {
            throw fault("can't give argument to non-function " + first);
        }
    }

    private Object chain(Object dot, Node.Chain chain, Node.Command command, Optional<Object[]> piped)
            throws TemplateException {
        if (chain.inner() instanceof Node.Nil) {
            throw fault("indirection through explicit nil in " + chain);
        }
        Object inner = argument(dot, chain.inner(), Kind.ANY);
        return fields(dot, inner, chain.names(), chain, command, piped);
    }

    private Object fields(
            Object dot, Object receiver, List<String> names, Node node, Node.Command command, Optional<Object[]> piped)
            throws TemplateException {
        Object value = receiver;
        String type = receiver instanceof Map ? "" : GoValues.typeName(receiver);
        for (int i = 0; i < names.size(); i++) {
            boolean last = i == names.size() - 1;
            int arguments = last ? command.words().size() - 1 + (piped.isPresent() ? 1 : 0) : 0;
            Object holder = value;
            value = field(holder, names.get(i), type, arguments);
            type = holder instanceof Map ? "interface {}" : GoValues.typeName(value);
        }
        return value;
    }

    private Object field(Object receiver, String name, String type, int arguments) throws TemplateException {
        return switch (receiver) {
            case GoStruct struct -> {
                GoStruct.Field field = struct.field(name)
                        .orElseThrow(() -> fault("can't evaluate field " + name + " in type " + struct.typeName()));
                if (arguments > 0) {
                    throw fault(
                            struct.methods()
                                    ? "wrong number of args for " + name + ": want 0 got " + arguments
                                    : name + " has arguments but cannot be invoked as function");
                }
                yield field.value();
            }
            case Map<?, ?> map -> {
                if (arguments > 0) {
                    throw fault(name + " is not a method but has arguments");
                }
                if (!map.containsKey(name) && missingIsError) {
                    throw fault("map has no entry for key " + GoText.quote(name));
                }
                Object found = map.get(name);
                yield found == null ? GoValues.Missing.NO_VALUE : found;
            }
            case GoValues.Missing missing -> {
                if (missingIsError) {
                    throw fault("nil data; no entry for key " + GoText.quote(name));
                }
                yield missing;
            }
            case null -> throw fault("nil pointer evaluating " + type + "." + name);
            default -> throw fault("can't evaluate field " + name + " in type " + type);
        };
    }

    private Object call(Object dot, String name, Node.Command command, Optional<Object[]> piped)
            throws TemplateException {
        TemplateFunction function = functions.get(name);
        List<Node> words = command.words().subList(1, command.words().size());
        int given = words.size() + (piped.isPresent() ? 1 : 0);
        if (given < function.least()
                || !function.variadic() && given > function.parameters().size()) {
            String want = function.variadic() ? "at least " + function.least() : Integer.toString(function.least());
            throw fault("wrong number of args for " + name + ": want " + want + " got " + given);
        }
        if (name.equals("and") || name.equals("or")) {
            return shortCircuit(dot, name.equals("and"), words, piped);
        }
        var values = new ArrayList<Object>();
        for (int i = 0; i < words.size(); i++) {
            values.add(argument(dot, words.get(i), function.parameter(i)));
        }
        if (piped.isPresent()) {
            values.add(checked(piped.get()[0], function.parameter(given - 1)));
        }
        try {
            return function.body().call(values);
        } catch (FunctionException e) {
            at = command;
            String called = name.equals("call")
                    ? e.getMessage().replaceFirst("non-function", "non-function " + words.getFirst())
                    : e.getMessage();
            throw fault("error calling " + name + ": " + called);
        }
    }

    private Object shortCircuit(Object dot, boolean and, List<Node> words, Optional<Object[]> piped)
            throws TemplateException {
        Object value = null;
        for (Node word : words) {
            value = argument(dot, word, Kind.ANY);
            if (GoValues.isTrue(value) != and) {
                return value;
            }
        }
        return piped.isPresent() ? piped.get()[0] : value;
    }

    private Object argument(Object dot, Node word, Kind kind) throws TemplateException {
        at = word;
        if (word instanceof Node.Constant constant && !kind.takes(constant.value())) {
            String expected = kind == Kind.WHOLE ? "integer" : kind.typeName();
            throw fault("expected " + expected + "; found " + constant);
        }
        Object value = switch (word) {
            case Node.Constant constant -> constant(constant);
            case Node.Nil nil -> {
                if (kind != Kind.ANY) {
                    throw fault("cannot assign nil to " + kind.typeName());
                }
                yield null;
            }
            default -> command(dot, new Node.Command(word.position(), List.of(word)), Optional.empty());
        };
        return checked(value, kind);
    }

    private Object checked(Object value, Kind kind) throws TemplateException {
        if (kind.takes(value)) {
            return value;
        }
        if (value == null || value == GoValues.Missing.NO_VALUE) {
            throw fault("invalid value; expected " + kind.typeName());
        }
        throw fault("wrong type for value; expected " + kind.typeName() + "; got " + GoValues.typeName(value));
    }
}
