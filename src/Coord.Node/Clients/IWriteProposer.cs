using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>Takes a session's writes on their way into the log.</summary>
internal interface IWriteProposer
{
    /// <summary>Makes the entry of a write and queues it for the leader.</summary>
    /// <param name="session">Whose write it is.</param>
    /// <param name="op">Its opcode.</param>
    /// <param name="body">The request from its opcode on.</param>
    /// <returns>The entry's origin sequence.</returns>
    long Propose(ClientSession session, OpCode op, ReadOnlyMemory<byte> body);
}
