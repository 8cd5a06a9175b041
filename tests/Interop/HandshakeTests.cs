using Coord.Interop.Wire;
using Coord.JepsenLike.Clients;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop;

/// <summary>The handshake to the byte, as zookeeper-protocol 1.3 and 1.4 have it.</summary>
[Collection(InteropCollection.Name)]
public sealed class HandshakeTests
{
    private const int TimeoutMs = 10_000;

    private readonly int _port = InteropCluster.Ports.First();

    // Danger: an answer with the read-only byte breaks strict clients that sent none (ZOOKEEPER-4814).
    [Theory]
    [InlineData(true, 37)]
    [InlineData(false, 36)]
    public void The_read_only_byte_is_answered_in_kind(bool isSent, int answerBytes)
    {
        using var connection = new RawConnection(_port);
        var request = Connect(lastZxid: 0, TimeoutMs, sessionId: 0, new byte[PasswordBytes]);
        if (!isSent)
        {
            request = request[..^1];
            request[3]--;
        }

        var session = connection.Greet(request);
        Assert.NotNull(session);
        Assert.Equal(answerBytes, session.AnswerBytes);
        Assert.Equal(TimeoutMs, session.TimeoutMs);
        Assert.True(session.Id > 0);
    }

    // A client that has seen more than this node must go to another one, or it would go back in time.
    [Fact]
    public void A_client_from_the_future_is_sent_away_without_a_byte()
    {
        using var connection = new RawConnection(_port);
        Assert.Null(connection.Greet(Connect(lastZxid: long.MaxValue, TimeoutMs, 0, new byte[PasswordBytes])));
    }

    // Danger: a new session in place of the lost one; clients would believe that they still own their ephemerals.
    [Fact]
    public void A_session_that_nobody_knows_is_refused_with_zeros()
    {
        using var connection = new RawConnection(_port);
        var answer = connection.Greet(Connect(0, TimeoutMs, sessionId: 0x7ffffffffffffff0, new byte[PasswordBytes]));
        Assert.True(answer?.IsRefused);
        Assert.Null(connection.Receive());
    }

    [Fact]
    public void A_wrong_password_is_refused_with_zeros_and_does_no_harm()
    {
        using var owner = RawConnection.Greet(_port, out var session);
        Assert.Equal(0, owner.Call(CreateRequest(1, "/wire_owned", [], CreateMode.Ephemeral)).Error);
        using (var thief = new RawConnection(_port))
        {
            Assert.True(thief.Greet(Connect(0, TimeoutMs, session.Id, new byte[PasswordBytes]))?.IsRefused);
            Assert.Null(thief.Receive());
        }

        using var again = new RawConnection(_port);
        Assert.Equal(session.Id, again.Greet(Connect(0, TimeoutMs, session.Id, session.Password))?.Id);
        Assert.Equal(0, again.Call(ReadRequest(2, Exists, "/wire_owned")).Error);
        Assert.Equal(0, again.Call(BareRequest(3, CloseSession)).Error);
    }

    [Fact]
    public void A_session_moves_to_another_node_and_leaves_its_old_connection()
    {
        using var old = RawConnection.Greet(_port, out var session);
        Assert.Equal(0, old.Call(CreateRequest(1, "/wire_moved", [], CreateMode.Ephemeral)).Error);
        using var moved = new RawConnection(InteropCluster.Ports.Last());
        var answer = moved.Greet(Connect(0, TimeoutMs, session.Id, session.Password));
        Assert.Equal((session.Id, TimeoutMs), (answer?.Id, answer?.TimeoutMs));
        Assert.Equal(session.Password, answer?.Password);

        // The old connection may learn of it from its next write only.
        old.Send(SetDataRequest(2, "/wire_moved", [1], version: -1));
        Assert.Null(old.Receive());
        Assert.Equal(0, moved.Call(SetDataRequest(2, "/wire_moved", [2], version: 0)).Error);
        Assert.Equal(0, moved.Call(BareRequest(3, CloseSession)).Error);
        Assert.Null(moved.Receive());
    }
}
