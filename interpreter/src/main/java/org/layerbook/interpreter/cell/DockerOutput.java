package org.layerbook.interpreter.cell;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What docker itself prints, which comes along when a tutorial's commands are copied with it. */
final class DockerOutput {
    /** Every heading that docker, its plugins and the {@code ps} behind {@code docker top} put over a column. */
    private static final String HEADINGS = """
            CONTAINER ID|IMAGE|COMMAND|CREATED|CREATED AT|STATUS|PORTS|NAMES|SIZE|LABELS|MOUNTS|LOCAL VOLUMES|NETWORKS
            REPOSITORY|TAG|DIGEST|IMAGE ID|CONTAINERS|SHARED SIZE|UNIQUE SIZE|DISK USAGE|CONTENT SIZE|EXTRA
            NETWORK ID|NAME|DRIVER|SCOPE|IPV4|IPV6|INTERNAL|VOLUME NAME|LINKS|MOUNTPOINT|AVAILABILITY|GROUP
            CREATED BY|COMMENT|TYPE|TOTAL|ACTIVE|RECLAIMABLE|CACHE ID|CACHE TYPE|LAST USED|USAGE|SHARED
            CONTAINER|CPU %|MEM USAGE / LIMIT|MEM %|NET I/O|BLOCK I/O|PIDS|INDEX|DESCRIPTION|STARS|OFFICIAL|AUTOMATED
            ID|ENABLED|HOSTNAME|MANAGER STATUS|ENGINE VERSION|MODE|REPLICAS|SERVICES|ORCHESTRATOR|NAMESPACE|NODE
            DESIRED STATE|CURRENT STATE|ERROR|UPDATED|DOCKER ENDPOINT|KUBERNETES ENDPOINT|NAME/NODE|DRIVER/ENDPOINT
            BUILDKIT|PLATFORMS|LAST ACCESSED|CONFIG FILES|SERVICE|SIGNED TAG|SIGNERS|REPO TAGS|STATE|URL|SWARM|DOCKER|ERRORS
            UID|PID|PPID|C|STIME|TTY|TIME|CMD|USER|%CPU|%MEM|VSZ|RSS|STAT|START
            Name|Command|State|Ports|Container|Repository|Tag|Image Id|Size
            """;

    private static final String HEADING = Stream.of(HEADINGS.split("[|\n]"))
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|", "(?:", ")"));
    private static final Pattern HEAD = Pattern.compile("\\s*" + HEADING + "(?:(\\s+)" + HEADING + ")+\\s*");
    /** Tables of one column, by a {@code --format} of the user's own. */
    private static final Pattern ONE_HEADING = Pattern.compile("\\s*(?:CONTAINER|IMAGE|NETWORK) ID\\s*");

    private static final Pattern GAP = Pattern.compile("\\s{2,}|\t");
    private static final Pattern LINE = Pattern.compile("\\s*(?:"
            + String.join(
                    "|",
                    "Using default tag: \\S+",
                    "[\\w][\\w.-]*: Pulling from \\S+",
                    "[0-9a-f]{12}: (?:Pull|Already|Download|Waiting|Verifying|Extracting|Push|Prepar|Layer|Mounted).*",
                    "Digest: sha256:.*",
                    "Status: (?:Downloaded newer image|Image is up to date) for .*",
                    "\\S+: digest: sha256:\\S+ size: \\d+",
                    "docker\\.io/\\S+",
                    "(?:sha256:)?[0-9a-f]{64}",
                    "(?=\\S*\\d)[0-9a-f]{12}",
                    "(?:Untagged|Deleted|untagged|deleted): \\S+",
                    "Deleted (?:Containers|Images|Networks|Volumes|build cache objects):",
                    "Total reclaimed space: .*",
                    "Sending build context to Docker daemon.*",
                    "Step \\d+/\\d+ : .*",
                    "---> .*",
                    "Removing intermediate container \\S+",
                    "Successfully (?:built|tagged) \\S+",
                    "\\[\\+\\] (?:Building|Running|Pulling|Creating|up|down) .*",
                    "=> .*",
                    "Error response from daemon: .*",
                    "Unable to find image '[^']*' locally",
                    "The push refers to repository \\[.*",
                    "Login Succeeded!?",
                    "Loaded image(?: ID)?: \\S+",
                    "Docker version \\d.*, build \\S+",
                    "[✔⠿✓] (?:Container|Network|Volume|Image|Service) .*",
                    "(?:Creating|Starting|Stopping|Removing|Recreating|Pulling) \\S+ ?\\.\\.\\.(?: .*)?",
                    "(?:Creating|Removing) (?:network|volume) .*",
                    "Attaching to .*")
            + ")");

    private DockerOutput() {}

    /** Whether it is the head of one of docker's tables. */
    static boolean isHead(String line) {
        return head(line).matches() || ONE_HEADING.matcher(line).matches();
    }

    private static Matcher head(String line) {
        return HEAD.matcher(line);
    }

    /** Whether it is a line of nothing but what docker says. */
    static boolean isLine(String line) {
        return LINE.matcher(line).matches();
    }

    /**
     * How many of the lines after a table's head are its rows: they stand in its columns, or have about as many.
     *
     * @param lines the head first
     */
    static int rows(List<String> lines) {
        String head = lines.getFirst();
        int rows = 0;
        while (rows + 1 < lines.size() && isRow(head, lines.get(rows + 1))) {
            rows++;
        }
        return rows;
    }

    private static boolean isRow(String head, String line) {
        if (line.isBlank()) {
            return false;
        }
        if (line.strip().matches("-{5,}") || ONE_HEADING.matcher(head).matches()) {
            return line.strip().indexOf(' ') < 0;
        }
        Matcher gap = GAP.matcher(head.stripTrailing());
        boolean gaps = gap.find(head.length() - head.stripLeading().length());
        if (!gaps) {
            return !line.matches("docker \\S.*") && line.strip().split("\\s+").length >= columns(head) - 1;
        }
        int second = gap.end();
        boolean aligned = line.length() > second
                && Character.isWhitespace(line.charAt(second - 1))
                && !Character.isWhitespace(line.charAt(second))
                && GAP.matcher(line.substring(0, second)).find();
        return aligned
                || !line.matches("docker \\S.*")
                        && GAP.split(line.strip()).length >= Math.max(2, GAP.split(head.strip()).length - 1);
    }

    private static long columns(String head) {
        return Pattern.compile(HEADING).matcher(head).results().count();
    }
}
