namespace Coord.Node.Replica;

/// <summary>A fact from outside the replica loop (raft-design A2).</summary>
internal abstract record ReplicaInput;
