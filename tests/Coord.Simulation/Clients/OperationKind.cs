namespace Coord.Simulation.Clients;

/// <summary>What a simulated client does; the numbers are ZooKeeper's opcodes.</summary>
internal enum OperationKind
{
    Create = 1,
    Delete = 2,
    Exists = 3,
    Get = 4,
    Set = 5,
    Sync = 9,
    Ping = 11,
    Close = -11,
}
