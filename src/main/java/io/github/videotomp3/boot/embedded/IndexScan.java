package io.github.videotomp3.boot.embedded;

import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * The parts of indexes that have every document which a filter matches, and maybe some more. As in MongoDB, an index serves
 * if the filter says what the first of its fields are equal to, or within which bounds; and it gives the order if that is
 * of the fields that follow.
 */
final class IndexScan {

    private static final String ID = "_id";

    /**
     * The entries of an index between two keys.
     *
     * @param skip how many characters the keys have in common
     */
    private record Range(MVMap<String, Object> map, int skip, String from, String to) {

        Cursor<String, Object> open(boolean backwards) {
            return backwards ? map.cursor(to, from, true) : map.cursor(from, to, false);
        }

        long count() {
            return rank(to) - rank(from);
        }

        private long rank(String key) {
            long index = map.getKeyIndex(key);
            return index < 0 ? -index - 1 : index;
        }
    }

    /** What a filter says of each field, as far as all of it has to be true. */
    private static final class Conditions {

        private final Map<String, List<Object>> fields = new HashMap<>();
        private final List<List<Document>> alternatives = new ArrayList<>();
        private boolean plain = true;

        Conditions(Document filter) {
            add(filter);
        }

        @SuppressWarnings("unchecked")
        private void add(Document filter) {
            filter.forEach((key, value) -> {
                if (key.equals("$and")) {
                    ((List<Document>) value).forEach(this::add);
                } else if (key.equals("$or")) {
                    alternatives.add((List<Document>) value);
                    plain = false;
                } else if (key.startsWith("$")) {
                    plain = false;
                } else {
                    fields.computeIfAbsent(key, field -> new ArrayList<>()).add(value);
                }
            });
        }

        List<Object> of(String field) {
            return fields.getOrDefault(field, List.of());
        }

        /** To one of which values the field has to be equal; null if it may have others. */
        Collection<?> values(String field) {
            for (Object condition : of(field)) {
                Collection<?> values = values(condition);
                if (values != null && values.stream().allMatch(value -> IndexText.of(value) != null)) {
                    return values;
                }
            }
            return null;
        }

        private static Collection<?> values(Object condition) {
            if (!(condition instanceof Document operators)) {
                return Arrays.asList(condition);
            }
            if (operators.containsKey("$eq")) {
                return Arrays.asList(operators.get("$eq"));
            }
            if (operators.get("$in") instanceof Collection<?> values) {
                return values;
            }
            return Boolean.FALSE.equals(operators.get("$exists")) ? List.of(Missing.getInstance()) : null;
        }

        /** The texts of the field between which the conditions lie; null if there are none. */
        String[] bounds(String field) {
            String from = null;
            String to = null;
            for (Object condition : of(field)) {
                if (condition instanceof Document operators) {
                    for (Map.Entry<String, Object> operator : operators.entrySet()) {
                        String text = operator.getValue() == null ? null : IndexText.of(operator.getValue());
                        if (text == null) {
                            continue;
                        }
                        if (operator.getKey().equals("$gt") || operator.getKey().equals("$gte")) {
                            from = from == null || text.compareTo(from) > 0 ? text : from;
                        } else if (operator.getKey().equals("$lt")
                                || operator.getKey().equals("$lte")) {
                            to = to == null || text.compareTo(to) < 0 ? text : to;
                        }
                    }
                }
            }
            if (from == null && to == null) {
                return null;
            }
            // values of one type only are compared
            return new String[] {
                from == null ? to.substring(0, 1) : from,
                to == null ? String.valueOf((char) (from.charAt(0) + 1)) : to + IndexText.AFTER
            };
        }
    }

    private final List<Object> positions;
    private final List<Range> ranges;
    private final boolean sorted;
    private final boolean backwards;
    private final boolean exact;
    private final int worth;

    private IndexScan(
            List<Object> positions, List<Range> ranges, boolean sorted, boolean backwards, boolean exact, int worth) {
        this.positions = positions;
        this.ranges = ranges;
        this.sorted = sorted;
        this.backwards = backwards;
        this.exact = exact;
        this.worth = worth;
    }

    /**
     * The best scan of these indexes; empty if all documents have to be read.
     *
     * @param order null for any
     */
    static Optional<IndexScan> of(Document filter, Document order, List<SortedIndex> indexes) {
        Conditions conditions = new Conditions(filter);
        Collection<?> ids = conditions.values(ID);
        if (ids != null && ids.stream().allMatch(id -> id instanceof ObjectId || id instanceof String)) {
            return Optional.of(new IndexScan(List.copyOf(ids), List.of(), false, false, false, Integer.MAX_VALUE));
        }
        Optional<IndexScan> best = indexes.stream()
                .flatMap(index -> of(conditions, order, index).stream())
                .min(Comparator.comparingLong(IndexScan::size)
                        .thenComparing(scan -> scan.worth, Comparator.reverseOrder()));
        return best.or(() -> conditions.alternatives.stream()
                .flatMap(alternatives -> union(alternatives, order, indexes).stream())
                .findFirst());
    }

    private static Optional<IndexScan> union(List<Document> alternatives, Document order, List<SortedIndex> indexes) {
        List<Object> positions = new ArrayList<>();
        List<Range> ranges = new ArrayList<>();
        boolean sorted = true;
        boolean backwards = false;
        for (Document alternative : alternatives) {
            Optional<IndexScan> scan = of(alternative, order, indexes);
            if (scan.isEmpty()) {
                return Optional.empty();
            }
            positions.addAll(scan.get().positions);
            ranges.addAll(scan.get().ranges);
            sorted &= scan.get().sorted;
            backwards |= scan.get().backwards;
        }
        return Optional.of(new IndexScan(positions, ranges, sorted, backwards, false, 0));
    }

    private static Optional<IndexScan> of(Conditions conditions, Document order, SortedIndex index) {
        List<String> fields = index.fields();
        Collection<String> prefixes = List.of("");
        boolean exact = conditions.plain;
        boolean absent = true;
        int equal = 0;
        for (Collection<?> values; equal < fields.size() && (values = conditions.values(fields.get(equal))) != null; ) {
            Collection<String> longer = new TreeSet<>();
            for (String prefix : prefixes) {
                values.forEach(value -> longer.add(prefix + IndexText.of(value)));
            }
            prefixes = longer;
            absent &= values.stream().anyMatch(Missing::isNullOrMissing);
            exact &= conditions.of(fields.get(equal)).size() == 1
                    && values.stream().noneMatch(value -> Missing.isNullOrMissing(value) || value instanceof Number);
            equal++;
        }
        String[] bounds = equal < fields.size() ? conditions.bounds(fields.get(equal)) : null;
        absent &= bounds == null || fields.get(equal).equals(ID);
        if (equal == 0 && bounds == null || index.hasOnlyDocumentsWithItsFields() && absent) {
            return Optional.empty();
        }
        List<Range> ranges = new ArrayList<>();
        for (String prefix : prefixes) {
            String from = bounds == null ? prefix : prefix + bounds[0];
            String to = bounds == null ? prefix + IndexText.AFTER : prefix + bounds[1];
            if (from.compareTo(to) < 0) {
                ranges.add(new Range(index.map(), prefix.length(), from, to));
            }
        }
        int direction = direction(order, fields.subList(equal, fields.size()));
        return Optional.of(new IndexScan(
                List.of(),
                ranges,
                direction != 0,
                direction < 0,
                exact && bounds == null && conditions.fields.size() == equal,
                4 * equal + (bounds == null ? 0 : 2) + (direction == 0 ? 0 : 1)));
    }

    /** 1 if the order is that of the first of the fields, or any; -1 if it is the opposite; else 0. */
    private static int direction(Document order, List<String> fields) {
        if (order == null || order.isEmpty()) {
            return 1;
        }
        if (order.size() > fields.size() || !List.copyOf(order.keySet()).equals(fields.subList(0, order.size()))) {
            return 0;
        }
        List<Integer> signs = order.values().stream()
                .map(sign -> Integer.signum(((Number) sign).intValue()))
                .distinct()
                .toList();
        return signs.size() == 1 ? signs.get(0) : 0;
    }

    /** Whether the positions come in the order that was asked for. */
    boolean isSorted() {
        return sorted;
    }

    /** How many documents the filter matches; empty if they have to be read to know. */
    OptionalLong count() {
        return exact ? OptionalLong.of(size()) : OptionalLong.empty();
    }

    /** How many documents will be looked at, unless a limit ends it earlier. */
    private long size() {
        return ranges.stream().mapToLong(Range::count).sum();
    }

    /** Where the documents are, each once; none is looked up before it is asked for. */
    Stream<Object> positions() {
        Stream<Object> found = sorted && ranges.size() > 1
                ? merged()
                : ranges.stream().flatMap(range -> stream(values(range.open(backwards))));
        Stream<Object> all = Stream.concat(positions.stream(), found);
        return ranges.size() + positions.size() > 1 ? all.distinct() : all;
    }

    private static Iterator<Object> values(Cursor<String, Object> cursor) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return cursor.hasNext();
            }

            @Override
            public Object next() {
                cursor.next();
                return IndexText.position(cursor.getValue());
            }
        };
    }

    private record Head(String rest, Range range, Cursor<String, Object> cursor) {

        static void push(Range range, Cursor<String, Object> cursor, PriorityQueue<Head> heads) {
            if (cursor.hasNext()) {
                heads.add(new Head(cursor.next().substring(range.skip()), range, cursor));
            }
        }
    }

    /** Takes the first of the heads of all ranges, again and again. */
    private Stream<Object> merged() {
        Comparator<Head> first = Comparator.comparing(Head::rest);
        PriorityQueue<Head> heads = new PriorityQueue<>(backwards ? first.reversed() : first);
        ranges.forEach(range -> Head.push(range, range.open(backwards), heads));
        return stream(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !heads.isEmpty();
            }

            @Override
            public Object next() {
                Head head = heads.remove();
                Object position = IndexText.position(head.cursor().getValue());
                Head.push(head.range(), head.cursor(), heads);
                return position;
            }
        });
    }

    private static Stream<Object> stream(Iterator<Object> positions) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(positions, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }
}
