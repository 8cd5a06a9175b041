using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Members;

/// <summary>Members at addresses that follow from their number, where none has to be right.</summary>
internal static class TestMember
{
    public static Member Of(int id, UInt128 incarnation) => new(
        new NodeId(id), incarnation, Address(2280 + id), Address(2180 + id), Address(8080 + id));

    private static NodeAddress Address(int port) => new("127.0.0.1", port);
}
