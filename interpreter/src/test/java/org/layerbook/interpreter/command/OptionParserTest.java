package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.interpreter.command.option.OptionException;
import org.layerbook.interpreter.command.option.OptionParser;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;

class OptionParserTest {
    private static final List<OptionSpec> SPECS = List.of(
            OptionSpec.toggle('a', "all", ""),
            OptionSpec.toggle('q', "quiet", ""),
            OptionSpec.text('f', "file", ""),
            OptionSpec.of(Kind.LIST, "list", 't', "tag", ""),
            OptionSpec.of(Kind.COMMA_LIST, "strings", "platform", ""),
            OptionSpec.of(Kind.FILTER, "filter", "filter", ""),
            OptionSpec.of(Kind.NUMBER, "int", 'n', "number", ""),
            OptionSpec.of(Kind.BYTES, "bytes", 'm', "memory", ""));

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            value = {
                "-aq x → all=[true] quiet=[true] | x",
                "x -a y → all=[true] | x y",
                "-a=false --quiet=1 → all=[false] quiet=[true] | ",
                "-fx → file=[x] | ",
                "-f=x → file=[x] | ",
                "-f x -f y → file=[x, y] | ",
                "-aqfx → all=[true] quiet=[true] file=[x] | ",
                "-f -a → file=[-a] | ",
                "-t a:1 --tag=b → tag=[a:1, b] | ",
                "--platform linux/amd64,linux/arm64 → platform=[linux/amd64, linux/arm64] | ",
                "--filter LABEL=a=b → filter=[label=a=b] | ",
                "-m 64m → memory=[67108864] | ",
                "-m 1.5GB → memory=[1610612736] | ",
                "-n 08 → number=[8] | ",
                "-- -a x → | -a x",
                "- x → | - x",
                "--all x -- --quiet → all=[true] | x --quiet",
                "--file= → file=[] | ",
                "-x → unknown shorthand flag: 'x' in -x",
                "-ax → unknown shorthand flag: 'x' in -x",
                "--nope=1 → unknown flag: --nope",
                "--file → flag needs an argument: --file",
                "-af → flag needs an argument: 'f' in -f",
                "--=x → bad flag syntax: --=x",
                "---x → bad flag syntax: ---x",
                "--all=2 → invalid argument \"2\" for \"-a, --all\" flag: strconv.ParseBool: parsing \"2\": invalid syntax",
                "-n x → invalid argument \"x\" for \"-n, --number\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
                "-m x → invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'",
                "--filter x → invalid argument \"x\" for \"--filter\" flag: bad format of filter (expected name=value)",
            })
    void asPflag(String line, String expected) {
        assertEquals(expected.strip(), parsed(Arrays.asList(line.strip().split(" ")), true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            value = {"-a x -q → all=[true] | x -q", "x --nope → | x --nope"})
    void whereTheFirstArgumentEndsTheOptions(String line, String expected) {
        assertEquals(expected.strip(), parsed(Arrays.asList(line.strip().split(" ")), false));
    }

    private static String parsed(List<String> words, boolean interspersed) {
        try {
            var parsed = OptionParser.parse(SPECS, words, interspersed);
            var text = new StringBuilder();
            parsed.options()
                    .values()
                    .forEach((name, values) ->
                            text.append(name).append('=').append(values).append(' '));
            return (text + "| " + String.join(" ", parsed.arguments())).strip();
        } catch (OptionException e) {
            return e.getMessage();
        }
    }
}
