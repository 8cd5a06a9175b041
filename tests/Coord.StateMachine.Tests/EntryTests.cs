using FsCheck;
using FsCheck.Fluent;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>The entry's layout, and that apply takes any bytes.</summary>
public class EntryTests
{
    // Danger: nodes of two versions read the same log entry differently.
    [Fact]
    public void The_bytes_of_an_entry_are_the_ones_written_down()
    {
        var header = new EntryHeader(EntryCommand.Request, 0, 3, 0x0102030405060708, 9, 10, 11, 12, 0);
        byte[] entry = EntryCodec.Request(header, [0, 0, 0, 0], new Delete("/a").Encode());
        Assert.Equal(
            "01000000" + "03000000" + "0807060504030201" + "0900000000000000" + "0A00000000000000"
            + "0B00000000000000" + "0C00000000000000" + "04000000" + "00000000" + "00000000"
            + "00000002" + "00000002" + "2F61" + "FFFFFFFF",
            Convert.ToHexString(entry));
        Assert.True(EntryHeader.TryRead(entry, out var read));
        Assert.Equal(header with { IdentitiesLength = 4 }, read);

        EntryHeader.Patch(entry, 99, EntryFlags.EnforceQuota);
        Assert.True(EntryHeader.TryRead(entry, out read));
        Assert.Equal(99, read.TimeMs);
    }

    [Fact]
    public void A_session_entry_holds_timeout_and_password_hash()
    {
        byte[] hash = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] entry = EntryCodec.Session(
            new EntryHeader { Command = EntryCommand.CreateSession, OriginNode = 1 }, 10_000, hash);
        Assert.Equal("10270000" + Convert.ToHexString(hash), Convert.ToHexString(entry.AsSpan(EntryHeader.Length)));
    }

    [Fact]
    public void A_header_cut_short_or_with_impossible_identities_is_not_read()
    {
        byte[] entry = EntryCodec.Request(new EntryHeader { OriginNode = 1 }, [1, 2, 3], [4]);
        for (int length = 0; length < EntryHeader.Length + 3; length++)
            Assert.False(EntryHeader.TryRead(entry.AsSpan(0, length), out _));
        entry[51] = 0xFF;
        Assert.False(EntryHeader.TryRead(entry, out _));
    }

    // Danger: one entry that throws stops every node of the cluster, again after each restart.
    [Fact]
    public void Damaged_entries_never_throw_and_leave_two_trees_equal() =>
        Prop.ForAll(Histories.Arbitrary, Damages(), (steps, damages) =>
        {
            var driver = new TreeDriver();
            new History(driver).Run(steps);
            var (tree, twin) = (new ZnodeTree(indexSeed: 1), new ZnodeTree(indexSeed: 2));
            foreach (var (index, entry) in driver.Log)
            {
                byte[] damaged = Damaged(entry, damages[index % damages.Length]);
                Assert.Equal(
                    Reply.Of(tree.Apply(index, damaged)).ToString(), Reply.Of(twin.Apply(index, damaged)).ToString());
            }

            Assert.Equal(tree.RollingDigest, twin.RollingDigest);
            Assert.Equal(tree.ContentHash(), twin.ContentHash());
            Assert.Equal(tree.ContentHash(), Snapshots.Load(Snapshots.Of(tree)).ContentHash());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Equal_logs_make_equal_trees_whatever_the_seed_of_the_index() =>
        Prop.ForAll(Histories.Arbitrary, steps =>
        {
            var driver = new TreeDriver(new ZnodeTree(indexSeed: 1));
            new History(driver).Run(steps);
            var twin = new ZnodeTree(indexSeed: 0xFFFF_FFFF_0000_0001);
            foreach (var (index, entry) in driver.Log)
                twin.Apply(index, entry);
            Assert.Equal(driver.Tree.RollingDigest, twin.RollingDigest);
            Assert.Equal(driver.Tree.ContentHash(), twin.ContentHash());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    // Behind the header with its origin, or anywhere, or cut, or longer, or noise.
    private static byte[] Damaged(byte[] entry, (int Kind, int Place, byte Value) damage)
    {
        byte[] damaged = entry.ToArray();
        int place = damage.Place % Math.Max(entry.Length, 1);
        switch (damage.Kind)
        {
            case 0:
                return damaged[..place];
            case 1:
                damaged[place] = damage.Value;
                return damaged;
            case 2 when entry.Length > EntryHeader.Length:
                damaged[EntryHeader.Length + (place % (entry.Length - EntryHeader.Length))] = damage.Value;
                return damaged;
            case 3:
                damaged.AsSpan(Math.Min(EntryHeader.Length + (place % 64), entry.Length)).Fill(damage.Value);
                return damaged;
            default:
                return damaged;
        }
    }

    private static Arbitrary<(int Kind, int Place, byte Value)[]> Damages() => Arb.From(
        from damages in Gen.ArrayOf(
            from kind in Gen.Choose(0, 9)
            from place in Gen.Choose(0, 400)
            from value in Gen.Elements<byte>(0, 1, 0x7F, 0x80, 0xFF, (byte)'/', 14, 15)
            select (kind, place, value), 16)
        select damages);
}
