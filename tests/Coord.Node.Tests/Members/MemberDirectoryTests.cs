using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Members;

public sealed class MemberDirectoryTests
{
    private static readonly MemberDirectory Three = new(
        [NewMember(3), NewMember(1), NewMember(2) with { Votes = false }]);

    [Fact]
    public void A_directory_is_read_back_as_it_was_written()
    {
        Assert.True(MemberDirectory.TryDecode(Three.Encode(), out var read));
        Assert.Equal(Three.Members, read.Members);
        Assert.Equal([1, 2, 3], read.Members.Select(member => member.Id.Value));
    }

    /// <summary>Curator's ensemble tracker reads the configuration with a parser that refuses equal ports.</summary>
    [Theory]
    [InlineData(2281, 2282)]
    [InlineData(65_535, 65_534)]
    public void A_member_names_an_election_port_that_is_not_its_peer_port(int peerPort, int electionPort)
    {
        var (peer, like) = (new NodeAddress("127.0.0.1", peerPort), NewMember(1));
        var member = new Member(like.Id, like.Incarnation, peer, like.Client, like.Admin);
        Assert.Equal(electionPort, member.ElectionPort);
    }

    [Fact]
    public void No_bytes_are_a_directory_of_nobody()
    {
        Assert.True(MemberDirectory.TryDecode(default, out var read));
        Assert.Empty(read.Members);
    }

    [Fact]
    public void A_directory_that_ends_early_or_late_is_refused()
    {
        var bytes = Three.Encode();
        for (var length = 1; length < bytes.Length; length++)
            Assert.False(MemberDirectory.TryDecode(bytes.AsMemory(0, length), out _));
        Assert.False(MemberDirectory.TryDecode(bytes.Append((byte)0).ToArray(), out _));
    }

    // It would be written as other bytes than it was read from: two nodes could disagree on one entry.
    [Fact]
    public void A_host_name_that_is_no_text_is_refused()
    {
        var bytes = Three.Encode();
        bytes[bytes.AsSpan().IndexOf("node2"u8)] = 0xFF;
        Assert.False(MemberDirectory.TryDecode(bytes, out _));
    }

    [Fact]
    public void A_member_takes_the_place_of_one_with_its_number()
    {
        var replaced = Three.With(NewMember(2) with { Incarnation = 99 });
        Assert.Equal(3, replaced.Members.Count);
        Assert.Equal((UInt128)99, replaced.Find(new NodeId(2))!.Incarnation);
        Assert.Null(replaced.Find(new NodeId(4)));
    }

    private static Member NewMember(int id) => new(
        new NodeId(id),
        (UInt128)(id * 1_000_003),
        new NodeAddress("127.0.0.1", 2_280 + id),
        new NodeAddress("::1", 2_180 + id),
        new NodeAddress("node" + id, 8_080 + id));
}
