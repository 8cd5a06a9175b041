using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.StateMachine.Tests;

/// <summary>The structures under the tree, each against the plainest one that does the same.</summary>
public class StorageTests
{
    [Fact]
    public void An_index_finds_exactly_what_was_added_and_not_removed()
    {
        var index = new HashDirectory();
        var expected = new Dictionary<int, uint>();
        ulong state = 1;
        for (int step = 0; step < 200_000; step++)
        {
            state = FastHash.Mix(state + 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93);
            int number = (int)(state % 60_000);
            if (expected.Remove(number, out uint known))
            {
                index.Remove(known, number);
                continue;
            }

            // Few distinct hashes in some ranges, so that runs and splits meet.
            uint hash = number % 3 == 0 ? (uint)(number / 300) << 20 : (uint)(state >> 32);
            index.Add(hash, number);
            expected.Add(number, hash);
        }

        Assert.Equal(expected.Count, index.Count);
        foreach (var (number, hash) in expected)
            Assert.Contains(number, Found(index, hash));
        Assert.Equal(expected.Count, expected.Values.Distinct().Sum(hash => Found(index, hash).Count));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(1_000_000)]
    public void An_index_made_for_any_size_finds_what_is_added(int reserved)
    {
        const uint Spread = 0x9E37_79B1; // Odd, so that different numbers have different hashes.
        var index = new HashDirectory();
        index.Reserve(reserved);
        for (int number = 0; number < 20_000; number++)
        {
            uint hash = (uint)(number % 15_000) * Spread;
            Assert.Equal(number >= 15_000, index.Add(hash, number));
        }

        for (int number = 0; number < 20_000; number++)
            Assert.Contains(number, Found(index, (uint)(number % 15_000) * Spread));
    }

    // Danger: filled from one end to the other, the first segments look as if no split would part what they hold, and
    // grow in place of splitting.
    [Theory]
    [InlineData(500)]
    [InlineData(20_000)]
    [InlineData(53_000)] // Nearly as many as the segments made for them take: many must split.
    public void An_index_filled_in_its_own_order_finds_all_in_as_little_memory(int count)
    {
        var places = Enumerable.Range(0, count).Select(n => new PathPlace((uint)n * 0x9E37_79B1, n)).ToArray();
        var ordered = HashDirectory.Ordered(places);
        Assert.Equal(places.ToHashSet(), ordered.ToHashSet());
        long before = GC.GetAllocatedBytesForCurrentThread();
        var index = new HashDirectory();
        index.Reserve(count);
        foreach (var (hash, slot) in ordered)
            index.Add(hash, slot);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.All(places, place => Assert.Equal([place.Slot], Found(index, place.Hash)));

        before = GC.GetAllocatedBytesForCurrentThread();
        var unordered = new HashDirectory();
        unordered.Reserve(count);
        foreach (var (hash, slot) in places)
            unordered.Add(hash, slot);
        long inAnyOrder = GC.GetAllocatedBytesForCurrentThread() - before;

        // A collection that another test causes counts what is left of a thread's buffer as allocated.
        Assert.InRange(bytes, 0, inAnyOrder + (inAnyOrder / 4));
    }

    // Danger: keys that all collide make the directory double without end.
    [Fact]
    public void An_index_takes_any_number_of_equal_hashes()
    {
        var index = new HashDirectory();
        for (int number = 0; number < 5_000; number++)
            index.Add(0xABCD_EF01, number);
        Assert.Equal(Enumerable.Range(0, 5_000), Found(index, 0xABCD_EF01).Order());
        for (int number = 0; number < 5_000; number += 2)
            index.Remove(0xABCD_EF01, number);
        Assert.Equal(2_500, Found(index, 0xABCD_EF01).Count);
        Assert.Throws<StateCorruptException>(() => index.Remove(0xABCD_EF01, 0));
    }

    [Fact]
    public void Blocks_keep_their_bytes_whatever_else_is_allocated_and_freed() =>
        Prop.ForAll(Lengths(), lengths =>
        {
            var blocks = new BlockStore();
            var live = new List<(uint Block, byte[] Bytes)>();
            for (int i = 0; i < lengths.Length; i++)
            {
                if (i % 3 == 2)
                {
                    var (block, bytes) = live[lengths[i] % live.Count];
                    blocks.Free(block, bytes.Length);
                    live.RemoveAll(one => one.Block == block && one.Bytes == bytes);
                }

                byte[] content = new byte[lengths[i]];
                content.AsSpan().Fill((byte)(i + 1));
                uint added = blocks.Allocate(content.Length);
                content.CopyTo(blocks.At(added, content.Length));
                live.Add((added, content));
            }

            foreach (var (block, bytes) in live)
                Assert.Equal(bytes, blocks.At(block, bytes.Length).ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    // Danger: memory of a large tree is what one znode takes, a million times.
    [Fact]
    public void A_znode_takes_a_line_of_the_processors_cache_and_a_block()
    {
        Assert.Equal(64, Unsafe.SizeOf<Znode>());
        var driver = new TreeDriver();
        var session = driver.Connect();
        driver.Do(session, new ZnodeRequest.Create("/path-of-25-bytes"));
        int rare = driver.Tree.Store.Rare.Count;
        for (int i = 0; i < 16_000; i++)
            driver.Do(session, new ZnodeRequest.Create($"/path-of-25-bytes/{i:d7}", new string('d', 100)));

        Assert.Equal(2 << 20, driver.Tree.Store.Blocks.ReservedBytes);

        // One for the parent of all.
        Assert.Equal(rare + 1, driver.Tree.Store.Rare.Count);
    }

    [Fact]
    public void A_block_wastes_at_most_an_eighth_beyond_128_bytes()
    {
        for (int length = 129; length <= 32 * 1024; length++)
        {
            var blocks = new BlockStore();
            if (length % 97 != 0)
                continue;
            int fitting = 0;
            while (blocks.ReservedBytes <= 1 << 20)
            {
                blocks.Allocate(length);
                fitting++;
            }

            // The last one began a new page.
            Assert.True((fitting - 1) * (long)length >= ((1 << 20) - (36 * 1024)) * 7L / 8L);
        }
    }

    [Fact]
    public void Hashes_of_similar_strings_differ()
    {
        var seen = new HashSet<ulong>();
        byte[] bytes = new byte[100];
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.True(seen.Add(FastHash.Bytes(bytes.AsSpan(0, length), seed: 1)));
            for (int bit = 0; bit < length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.True(seen.Add(FastHash.Bytes(bytes.AsSpan(0, length), seed: 1)));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.NotEqual(FastHash.Bytes("/a"u8, seed: 1), FastHash.Bytes("/a"u8, seed: 2));
    }

    // Danger: digests of two versions of the software differ, and every node of an upgraded cluster stops.
    [Fact]
    public void Hashes_are_the_ones_written_down()
    {
        byte[] bytes = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];
        ulong[] hashes = [.. new[] { 0, 3, 5, 12, 40 }.Select(n => FastHash.Bytes(bytes.AsSpan(0, n), seed: 7))];
        ulong[] expected =
        [
            14932585692977496618, 2850036940179618698, 6945074563767726839, 10560322240287562590, 12467185988478959411,
        ];
        Assert.Equal(expected, hashes);
    }

    [Fact]
    public void Acl_lists_are_kept_once_and_forgotten_with_their_last_holder()
    {
        var acls = new AclTable(seed: 0);
        byte[] list = new Wire().Acl((31, "digest", "u:h=")).ToArray();
        int first = acls.Hold(list);
        Assert.Equal(first, acls.Hold(list));
        Assert.Equal(list, acls.Encoded(first).ToArray());
        acls.Release(first);
        acls.Release(first);
        Assert.Null(acls.EncodedArray(first));
        Assert.Equal(first, acls.Hold(new Wire().Acl((1, "digest", "u:h=")).ToArray()));
        Assert.Equal(AclTable.Open, acls.Hold(new Wire().OpenAcl().ToArray()));
        Assert.Equal(AclTable.ReadOnly, acls.Hold(new Wire().Acl((1, "world", "anyone")).ToArray()));
    }

    private static List<int> Found(HashDirectory index, uint hash)
    {
        var found = new List<int>();
        var search = index.Find(hash);
        while (search.TryNext(out int number))
            found.Add(number);
        return found;
    }

    private static Arbitrary<int[]> Lengths() => Arb.From(
        from count in Gen.Choose(2, 120)
        from lengths in Gen.ArrayOf(Gen.Frequency(
            (8, Gen.Choose(0, 300)), (2, Gen.Choose(300, 40_000)), (1, Gen.Elements(0, 16, 17, 128, 129, 32_768))),
            count)
        select lengths);
}
