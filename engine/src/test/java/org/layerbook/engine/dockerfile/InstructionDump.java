package org.layerbook.engine.dockerfile;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.layerbook.engine.golang.GoText;

/** Instructions as lines of text: the place, the keyword, and every component that holds something. */
final class InstructionDump {
    private InstructionDump() {}

    static String of(List<Instruction> instructions) {
        return instructions.stream().map(instruction -> of(instruction) + "\n").collect(Collectors.joining());
    }

    static String of(Instruction instruction) {
        return of(instruction.origin().range()) + " " + instruction.keyword() + components(instruction);
    }

    static String of(SourceRange range) {
        return range.startLine() + ":" + range.startColumn() + "-" + range.endLine() + ":" + range.endColumn();
    }

    private static String components(Object object) {
        var out = new StringJoiner(" ", " ", "").setEmptyValue("");
        for (RecordComponent component : object.getClass().getRecordComponents()) {
            Object value = value(object, component);
            if (!(value instanceof Instruction.Origin) && !isNothing(value)) {
                out.add(component.getName() + "=" + shown(value));
            }
        }
        return out.toString();
    }

    private static Object value(Object object, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isNothing(Object value) {
        return value.equals(Optional.empty()) || value.equals(false) || value.equals(List.of());
    }

    private static String shown(Object value) {
        return switch (value) {
            case Optional<?> optional -> shown(optional.orElseThrow());
            case String text -> GoText.quote(text);
            case Collection<?> all ->
                all.stream().map(InstructionDump::shown).collect(Collectors.joining(" ", "[", "]"));
            case Record record -> "(" + record.getClass().getSimpleName() + components(record) + ")";
            default -> String.valueOf(value);
        };
    }
}
