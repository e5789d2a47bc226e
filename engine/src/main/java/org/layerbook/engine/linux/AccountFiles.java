package org.layerbook.engine.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code /etc/passwd} and {@code /etc/group} below a root, links inside it followed; lines that are none are left out. */
public final class AccountFiles {
    private static final long MAX_ID = 0xffff_ffffL;

    private final Path root;

    public AccountFiles(Path root) {
        this.root = root;
    }

    /** @param home may be empty; ids are unsigned, and 0 where they are no numbers */
    public record Account(String name, int uid, int gid, String home) {}

    public record Group(String name, int gid, List<String> members) {
        public Group {
            members = List.copyOf(members);
        }
    }

    public List<Account> accounts() throws IOException {
        var accounts = new ArrayList<Account>();
        for (String line : lines("/etc/passwd")) {
            String[] fields = line.split(":", -1);
            if (fields.length > 3) {
                accounts.add(new Account(
                        fields[0],
                        id(fields[2]).orElse(0),
                        id(fields[3]).orElse(0),
                        fields.length > 5 ? fields[5] : ""));
            }
        }
        return accounts;
    }

    public List<Group> groups() throws IOException {
        var groups = new ArrayList<Group>();
        for (String line : lines("/etc/group")) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2) {
                List<String> members = fields.length > 3 ? List.of(fields[3].split(",")) : List.of();
                groups.add(new Group(fields[0], id(fields[2]).orElse(0), members));
            }
        }
        return groups;
    }

    /** The home directory of the first account of this id that has one. */
    public Optional<String> home(int uid) throws IOException {
        return accounts().stream()
                .filter(account -> account.uid() == uid && !account.home().isEmpty())
                .map(Account::home)
                .findFirst();
    }

    /** Digits that are an unsigned number of 32 bits. */
    public static Optional<Integer> id(String text) {
        if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) > MAX_ID) {
            return Optional.empty();
        }
        return Optional.of((int) Long.parseLong(text));
    }

    /** Without comments and empty lines; none where there is no such file. */
    private List<String> lines(String path) throws IOException {
        byte[] content;
        try {
            content = SmallFile.read(RootedPath.resolve(root, path), SmallFile.TEXT)
                    .orElse(new byte[0]);
        } catch (FileSystemException e) {
            // Of the image, and not of the store that the file happens to lie in.
            throw new FileSystemException(path + " of the image", null, e.getReason());
        }
        return new String(content, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}
