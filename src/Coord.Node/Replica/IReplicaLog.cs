using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// What the loop asks of the log: take this. It never waits; what became durable comes back as an input.
/// </summary>
internal interface IReplicaLog
{
    /// <summary>Queues an append. Called strictly in sequence.</summary>
    void Append(LogAppend append);

    /// <summary>
    /// Queues the mark of a durable snapshot, behind everything queued before it.
    /// </summary>
    /// <param name="index">Last index of the snapshot.</param>
    /// <param name="term">Term of the entry there.</param>
    /// <param name="isReset">True: the whole log before it is dropped (raft-design S8, P12).</param>
    void MarkSnapshot(LogIndex index, Term term, bool isReset);

    /// <summary>Age of the oldest append that is not durable (raft-design E16).</summary>
    TimeSpan OldestUnflushed { get; }

    /// <summary>
    /// No further segment can be prepared: proposals are refused until there is room (raft-design P40).
    /// </summary>
    bool IsDiskFull { get; }

    /// <summary>Bytes appended since the log began, for the snapshot trigger.</summary>
    long BytesAppended { get; }
}
