package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.layerbook.engine.linux.AccountFiles;
import org.layerbook.engine.linux.AccountFiles.Account;
import org.layerbook.engine.linux.AccountFiles.Group;

/** Users and groups by the {@code /etc/passwd} and {@code /etc/group} of an image, links inside it followed. */
public final class UserLookup {
    private final AccountFiles files;

    public UserLookup(Path root) {
        this.files = new AccountFiles(root);
    }

    /**
     * Who a process of {@code USER user[:group]} is, as BuildKit and docker decide it: a number need not be in the files,
     * a name must be; without a group it is the account's, and all groups that list it besides.
     *
     * @throws IllegalArgumentException with runc's sentence
     */
    public ProcessSpec.Identity process(String user) throws IOException {
        if (user.isEmpty()) {
            return identity("0", Optional.empty());
        }
        int colon = user.indexOf(':');
        Optional<String> group = colon < 0 ? Optional.empty() : Optional.of(user.substring(colon + 1));
        Optional<Integer> uid = processId(user.substring(0, Math.max(colon, 0)));
        Optional<Integer> gid = group.flatMap(UserLookup::processId);
        if (uid.isPresent() && gid.isPresent()) {
            return new ProcessSpec.Identity(uid.get(), gid.get(), List.of(gid.get()));
        }
        return identity(colon < 0 ? user : user.substring(0, colon), group.filter(g -> !g.isEmpty()));
    }

    /** A number, or root, who is 0 whatever the image's files say: two of these are not looked up. */
    private static Optional<Integer> processId(String written) {
        return written.equals("root") ? Optional.of(0) : AccountFiles.id(written);
    }

    private ProcessSpec.Identity identity(String user, Optional<String> group) throws IOException {
        Optional<Integer> number = AccountFiles.id(user);
        Optional<Account> account = files.accounts().stream()
                .filter(a -> a.name().equals(user)
                        || number.filter(n -> n == a.uid()).isPresent())
                .findFirst();
        if (account.isEmpty() && number.isEmpty() && !user.isEmpty()) {
            throw new IllegalArgumentException("unable to find user " + user + ": no matching entries in passwd file");
        }
        int uid = account.map(Account::uid).or(() -> number).orElse(0);
        int gid =
                group.isPresent() ? gid(group.get()) : account.map(Account::gid).orElse(0);
        // The group of a process stands among its additional ones as well, first (CVE-2022-36109).
        var additional = new ArrayList<Integer>(List.of(gid));
        if (group.isEmpty() && account.isPresent()) {
            for (Group each : files.groups()) {
                if (each.members().contains(account.get().name()) && !additional.contains(each.gid())) {
                    additional.add(each.gid());
                }
            }
        }
        return new ProcessSpec.Identity(uid, gid, additional);
    }

    private int gid(String group) throws IOException {
        Optional<Integer> number = AccountFiles.id(group);
        return files.groups().stream()
                .filter(g -> g.name().equals(group)
                        || number.filter(n -> n == g.gid()).isPresent())
                .findFirst()
                .map(Group::gid)
                .or(() -> number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "unable to find group " + group + ": no matching entries in group file"));
    }

    /** Home directory of the account, for {@code HOME}; empty where there is none such. */
    public Optional<String> home(int uid) throws IOException {
        return files.home(uid);
    }

    /**
     * Owner of a file.
     *
     * @param unknown names that the image does not know; BuildKit takes 0 for these
     */
    public record Owner(int uid, int gid, List<String> unknown) {
        public static final Owner ROOT = new Owner(0, 0, List.of());
    }

    /**
     * Who {@code --chown=user[:group]}, or the USER for whom WORKDIR makes a directory, is. A lone number is both; with a
     * colon and nothing after it the group is 0.
     */
    public Owner owner(String written) throws IOException {
        int colon = written.indexOf(':');
        String user = colon < 0 ? written : written.substring(0, colon);
        var unknown = new ArrayList<String>();
        int uid = 0;
        int gid = 0;
        if (!user.isEmpty()) {
            Optional<Integer> number = ownerId(user);
            Optional<Account> account = number.isPresent()
                    ? Optional.empty()
                    : first(files.accounts(), a -> a.name().equals(user));
            if (number.isEmpty() && account.isEmpty()) {
                unknown.add(user);
            }
            uid = number.or(() -> account.map(Account::uid)).orElse(0);
            gid = (written.endsWith(":") ? Optional.<Integer>empty() : number)
                    .or(() -> account.map(Account::gid))
                    .orElse(0);
        }
        if (colon >= 0 && colon + 1 < written.length()) {
            String group = written.substring(colon + 1);
            Optional<Integer> found = ownerId(group);
            if (found.isEmpty()) {
                found = first(files.groups(), g -> g.name().equals(group)).map(Group::gid);
            }
            if (found.isEmpty()) {
                unknown.add(group);
            }
            gid = found.orElse(gid);
        }
        return new Owner(uid, gid, List.copyOf(unknown));
    }

    /** Whether an owner, as {@link #owner} reads it, can only be told from the files of an image. */
    public static boolean hasName(String owner) {
        return Stream.of(owner.split(":", 2))
                .anyMatch(part -> !part.isEmpty() && ownerId(part).isEmpty());
    }

    /** BuildKit reads 32 bits with a sign, and takes what is beyond them for a name; root is 0 whatever the files say. */
    private static Optional<Integer> ownerId(String text) {
        return text.equals("root") ? Optional.of(0) : AccountFiles.id(text).filter(n -> n >= 0);
    }

    private static <T> Optional<T> first(List<T> all, Predicate<T> wanted) {
        return all.stream().filter(wanted).findFirst();
    }
}
