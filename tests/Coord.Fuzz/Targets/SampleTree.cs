using System.Buffers;
using System.Text;
using Coord.Fuzz.Bytes;
using Coord.Fuzz.Runs;
using Coord.Protocol;
using Coord.StateMachine;
using Coord.StateMachine.Tests;

namespace Coord.Fuzz.Targets;

/// <summary>
/// A tree with sessions that remember replies, ephemerals and access lists, and the chunks of its snapshot.
/// </summary>
internal sealed class SampleTree
{
    private readonly List<string> _paths = ["/"];

    public SampleTree(CaseRandom random)
    {
        var driver = new TreeDriver();
        var sessions = Enumerable.Range(1, random.Between(1, 4)).Select(i => driver.Connect(1_000 * i)).ToArray();
        for (var count = random.Between(3, 40); count > 0; count--)
        {
            var parent = random.Pick(_paths);
            var path = $"{(parent == "/" ? "" : parent)}/n{random.Below(1_000)}";
            var create = new ZnodeRequest.Create(path, new string('v', random.Below(80)), random.Chance(0.2) ? 1 : 0)
            {
                Acl = [(random.Between(1, 31), "world", "anyone")],
            };
            ZnodeRequest request = random.Chance(0.3) ? new ZnodeRequest.Once(1_000 - count, create) : create;
            if (driver.Run(random.Pick(sessions), request).Error == ErrorCode.Ok)
                _paths.Add(path);
            if (random.Chance(0.2))
                driver.Run(sessions[0], new ZnodeRequest.Set(random.Pick(_paths), "changed"));
        }

        Tree = driver.Tree;
        Chunks = ChunksOf(Tree);
    }

    public ZnodeTree Tree { get; }

    public IReadOnlyList<byte[]> Chunks { get; }

    /// <summary>Throws where the tree is not this one.</summary>
    public void RequireEqual(ZnodeTree other)
    {
        var isEqual = Tree.AppliedIndex == other.AppliedIndex && Tree.RollingDigest == other.RollingDigest
            && Tree.ContentHash() == other.ContentHash() && Tree.ZnodeCount == other.ZnodeCount
            && Tree.MembershipIndex == other.MembershipIndex && Tree.FeatureLevel == other.FeatureLevel
            && Tree.Sessions.OrderBy(s => s.Id).SequenceEqual(other.Sessions.OrderBy(s => s.Id))
            && Tree.NextOriginSequence(1, 1) == other.NextOriginSequence(1, 1)
            && _paths.All(path => Describe(Tree, path) == Describe(other, path));
        if (!isEqual)
            throw new FuzzFailedException("changed chunks make another tree");
    }

    private static string Describe(ZnodeTree tree, string text)
    {
        var path = Encoding.UTF8.GetBytes(text);
        if (tree.TryGetData(path, out var data, out var isNull, out var stat) != ErrorCode.Ok)
            return "none";

        tree.TryGetAcl(path, out var acl, out _);
        tree.TryGetChildren(path, out var children, out _);
        return $"{stat} {isNull} {Convert.ToHexString(data)} {Convert.ToHexString(acl)} {children.Count}";
    }

    private static List<byte[]> ChunksOf(ZnodeTree tree)
    {
        var chunks = new List<byte[]>();
        using var cursor = tree.BeginSnapshot();
        for (var isMore = true; isMore;)
        {
            var chunk = new ArrayBufferWriter<byte>();
            isMore = cursor.WriteNext(chunk, maxZnodes: 7);
            chunks.Add(chunk.WrittenSpan.ToArray());
        }

        return chunks;
    }
}
