namespace Coord.Simulation.Clients;

/// <summary>What a simulated client does; the numbers are ZooKeeper's opcodes.</summary>
internal enum OperationKind
{
    Create = 1,
    Delete = 2,
    Exists = 3,
    Get = 4,
    Set = 5,
    Children = 8,
    Sync = 9,
    Ping = 11,
    Check = 13,
    Multi = 14,
    CreateContainer = 19,
    CreateTtl = 21,
    SetWatches = 101,
    Close = -11,
}
