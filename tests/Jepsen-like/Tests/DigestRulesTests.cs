using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>Digests of three nodes behind the last write, at zxid 10.</summary>
public sealed class DigestRulesTests
{
    [Fact]
    public void Equal_digests_behind_the_last_write_pass() =>
        Assert.Equal("ok", Check(Digest(1, 11, "a"), Digest(2, 11, "a"), Digest(3, 11, "a")).Verdict);

    [Fact]
    public void Nodes_that_differ_are_found() => Assert.Equal("digest",
        Assert.Single(Check(Digest(1, 11, "a"), Digest(2, 11, "b"), Digest(3, 11, "a")).Findings).Rule);

    [Fact]
    public void A_node_that_changes_its_past_is_found() =>
        Assert.Equal("digest", Assert.Single(Check(Digest(1, 5, "a"), Digest(1, 5, "b")).Findings).Rule);

    [Fact]
    public void Nothing_is_decided_unless_all_nodes_tell_of_the_end()
    {
        Assert.Equal("undecided", Check().Verdict);
        Assert.Equal("undecided", Check(Digest(1, 11, "a"), Digest(2, 11, "a"), Digest(3, 12, "b")).Verdict);
        Assert.Equal("undecided", Check(Digest(1, 9, "a"), Digest(2, 9, "a"), Digest(3, 9, "a")).Verdict);
    }

    private static CheckReport Check(params Operation[] digests) => DigestRules.Check([.. digests, new Operation
    {
        Process = 1, Kind = OperationKind.Set, Key = "/jepsen/digests/register-0", Invoked = 0, Completed = 1,
        Zxid = 10,
    }]);

    private static Operation Digest(int node, long zxid, string digest) => new()
    {
        Process = 0, Node = node, Kind = OperationKind.Digest, Key = "", Invoked = 5, Completed = 6, Zxid = zxid,
        Text = digest,
    };
}
