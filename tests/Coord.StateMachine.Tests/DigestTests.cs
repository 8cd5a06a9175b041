using System.Reflection;
using System.Text;
using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>
/// Both digests see everything: the content hash each field of the state, the rolling one each entry and each Stat that
/// an entry left behind.
/// </summary>
public class DigestTests
{
    private delegate void Mutation(ref Znode znode, ref RareFields rare);

    // What a znode is; each must show in the content hash.
    private static readonly Dictionary<string, Mutation> Content = new()
    {
        [nameof(Znode.Czxid)] = (ref Znode z, ref RareFields r) => z.Czxid++,
        [nameof(Znode.Mzxid)] = (ref Znode z, ref RareFields r) => z.Mzxid++,
        [nameof(RareFields.Pzxid)] = (ref Znode z, ref RareFields r) => r.Pzxid++,
        [nameof(Znode.Ctime)] = (ref Znode z, ref RareFields r) => z.Ctime++,
        [nameof(Znode.Mtime)] = (ref Znode z, ref RareFields r) => z.Mtime++,
        [nameof(RareFields.Owner)] = (ref Znode z, ref RareFields r) => r.Owner++,
        [nameof(RareFields.ChildrenCreated)] = (ref Znode z, ref RareFields r) => r.ChildrenCreated++,
        [nameof(Znode.Version)] = (ref Znode z, ref RareFields r) => z.Version++,
        [nameof(RareFields.Aversion)] = (ref Znode z, ref RareFields r) => r.Aversion++,
        [nameof(Znode.DataLength)] = (ref Znode z, ref RareFields r) => z.DataLength--,
        [nameof(RareFields.NumChildren)] = (ref Znode z, ref RareFields r) => r.NumChildren++,
        [nameof(Znode.PathLength)] = (ref Znode z, ref RareFields r) => z.PathLength--,
        [nameof(RareFields.Acl)] = (ref Znode z, ref RareFields r) => r.Acl = AclTable.ReadOnly,
    };

    // Where a znode is kept: differs between equal trees. And sums.
    private static readonly string[] Placement =
    [
        nameof(Znode.Block), nameof(Znode.Parent), nameof(Znode.Siblings), nameof(Znode.Rare),
        nameof(RareFields.FirstChild), nameof(RareFields.ChildNameBytes), nameof(RareFields.Place),

        // Follow from the rest, and are made again when a snapshot is loaded.
        nameof(RareFields.Descendants), nameof(RareFields.DescendantBytes),
    ];

    public static TheoryData<string> ContentFields => [.. Content.Keys];

    [Fact]
    public void Every_field_of_a_znode_is_known_to_these_tests() => Assert.Equal(
        FieldsOf(typeof(Znode)).Concat(FieldsOf(typeof(RareFields))).Order(),
        Content.Keys.Concat(Placement).Order());

    [Theory]
    [MemberData(nameof(ContentFields))]
    public void The_content_hash_sees_each_field_of_a_znode(string field)
    {
        var driver = Tree();
        ulong before = driver.Tree.ContentHash();
        Mutate(driver.Tree, field, Slot(driver, "/a"));
        Assert.NotEqual(before, driver.Tree.ContentHash());
    }

    [Fact]
    public void The_content_hash_sees_each_byte_of_path_and_data()
    {
        var driver = Tree();
        var store = driver.Tree.Store;
        ref var znode = ref store.Znodes[Slot(driver, "/a")];
        var seen = new HashSet<ulong> { driver.Tree.ContentHash() };
        for (int i = 0; i < znode.BlockBytes; i++)
        {
            store.Blocks.At(znode.Block, znode.BlockBytes)[i] ^= 1;
            Assert.True(seen.Add(driver.Tree.ContentHash()));
        }
    }

    [Fact]
    public void The_content_hash_sees_each_field_of_a_session()
    {
        var driver = Tree();
        var session = driver.Tree.SessionTable.All.First();
        AssertSeen(driver.Tree, () => session.TimeoutMs++);
        AssertSeen(driver.Tree, () => session.Attachment++);
        AssertSeen(driver.Tree, () => session.PasswordHash[31] ^= 1);
        AssertSeen(driver.Tree, () => session.Ephemerals.Add(0));
        var results = session.Results = new RememberedResults();
        byte[] body = [1];
        AssertSeen(driver.Tree, () => results.Add(new RememberedResult(1, 2, ErrorCode.Ok, body)));
        AssertSeen(driver.Tree, () => body[0]++);
        AssertSeen(driver.Tree, () => results.Forget(1));
        AssertSeen(driver.Tree, () => driver.Tree.SessionTable.Add(new Session(123)));
        AssertSeen(driver.Tree, () => driver.Tree.SessionTable.Remove(123));
        Assert.Equal(6, typeof(Session).GetProperties().Length);
    }

    [Fact]
    public void The_content_hash_sees_origins_index_and_rolling_digest()
    {
        var tree = Tree().Tree;
        AssertSeen(tree, () => tree.Origins.Restore(1, tree.Origins.All[1] with { Start = 2 }));
        AssertSeen(tree, () => tree.Origins.Restore(1, tree.Origins.All[1] with { NextSequence = 99 }));
        AssertSeen(tree, () => tree.Origins.Restore(2, tree.Origins.All[1]));
        AssertSeen(tree, () => tree.ApplyEmpty(tree.AppliedIndex + 1));
        AssertSeen(tree, () => tree.Restore(tree.AppliedIndex, tree.RollingDigest + 1, tree.Cluster));
        AssertSeen(tree, () => tree.ApplyMembership(tree.AppliedIndex + 1, [1], []));
        AssertSeen(tree, () => tree.ApplyFeatureLevel(tree.AppliedIndex + 1, 2));
    }

    // Danger: a replica whose Stat differs goes unnoticed as long as replies are equal elsewhere.
    [Theory]
    [InlineData(nameof(Znode.Czxid))]
    [InlineData(nameof(RareFields.Pzxid))]
    [InlineData(nameof(Znode.Ctime))]
    [InlineData(nameof(Znode.Version))]
    [InlineData(nameof(RareFields.Aversion))]
    [InlineData(nameof(RareFields.NumChildren))]
    [InlineData(nameof(RareFields.ChildrenCreated))]
    public void The_rolling_digest_sees_each_field_of_a_stat_that_setData_leaves(string field) =>
        AssertDigestsDiffer(field, "/a", new Set("/a", "new"));

    [Theory]
    [InlineData(nameof(Znode.Czxid))]
    [InlineData(nameof(Znode.Mzxid))]
    [InlineData(nameof(Znode.Ctime))]
    [InlineData(nameof(Znode.Mtime))]
    [InlineData(nameof(Znode.Version))]
    [InlineData(nameof(RareFields.Aversion))]
    [InlineData(nameof(RareFields.NumChildren))]
    [InlineData(nameof(RareFields.ChildrenCreated))]
    public void The_rolling_digest_sees_each_field_of_the_parents_stat(string field)
    {
        AssertDigestsDiffer(field, "/a", new Create("/a/new"));
        AssertDigestsDiffer(field, "/a", new Delete("/a/b"));
        AssertDigestsDiffer(field, "/a", new Multi(new Set("/c", "y"), new Create("/a/new")));
    }

    [Fact]
    public void The_rolling_digest_sees_index_entry_and_outcome()
    {
        var digests = new HashSet<ulong>();
        Assert.True(digests.Add(DigestAfter(d => d.Do(d.Connect(), new Set("/c", "x")))));
        Assert.True(digests.Add(DigestAfter(d => d.Do(d.Connect(), new Set("/c", "y")))));
        Assert.True(digests.Add(DigestAfter(d => d.Do(d.Connect(timeoutMs: 9), new Set("/c", "x")))));
        Assert.True(digests.Add(DigestAfter(d => d.Run(d.Connect(), new Set("/c", "x", Version: 7)))));
        Assert.True(digests.Add(DigestAfter(d =>
        {
            d.NextIndex++;
            d.Do(d.Connect(), new Set("/c", "x"));
        })));
    }

    [Fact]
    public void An_aborted_multi_leaves_no_trace_in_the_content()
    {
        var driver = Tree();
        var session = driver.Connect();
        var other = Tree();
        var twin = other.Connect();
        driver.Do(session, new Multi(
            new Set("/a", "changed"), new Create("/a/s-", "", Flags: 2), new Create("/a/e", "", Flags: 1),
            new Delete("/a/b"), new Create("/a/b", "other"), new Delete("/c"), new Check("/none", 0)));
        other.Do(twin, new Multi(new Check("/none", 0)));
        Assert.Equal(
            ContentHashing.OfZnodes(other.Tree.Store) + other.Tree.SessionTable.ContentHash(),
            ContentHashing.OfZnodes(driver.Tree.Store) + driver.Tree.SessionTable.ContentHash());
        Assert.NotEqual(other.Tree.RollingDigest, driver.Tree.RollingDigest);
    }

    private static ulong DigestAfter(Action<TreeDriver> act)
    {
        var driver = Tree();
        act(driver);
        return driver.Tree.RollingDigest;
    }

    private static void AssertDigestsDiffer(string field, string path, ZnodeRequest request)
    {
        var (honest, changed) = (Tree(), Tree());
        var (session, twin) = (honest.Connect(), changed.Connect());
        Mutate(changed.Tree, field, Slot(changed, path));
        Assert.Equal(honest.Tree.RollingDigest, changed.Tree.RollingDigest);
        honest.Do(session, request);
        changed.Do(twin, request);
        Assert.NotEqual(honest.Tree.RollingDigest, changed.Tree.RollingDigest);
    }

    private static IEnumerable<string> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(f => f.Name);

    private static void Mutate(ZnodeTree tree, string field, int slot) =>
        Content[field](ref tree.Store.Znodes[slot], ref tree.Store.OwnRare(slot));

    private static void AssertSeen(ZnodeTree tree, Action change)
    {
        ulong before = tree.ContentHash();
        change();
        Assert.NotEqual(before, tree.ContentHash());
    }

    private static int Slot(TreeDriver driver, string path) => driver.Tree.Store.Find(Encoding.UTF8.GetBytes(path));

    private static TreeDriver Tree()
    {
        var driver = new TreeDriver();
        var session = driver.Connect();
        driver.Do(session, new Create("/a", "value"));
        driver.Do(session, new Create("/a/b", "below"));
        driver.Do(session, new Create("/c", "beside"));
        return driver;
    }
}
