using Coord.Simulation.Disk;

namespace Coord.Simulation.Clients;

/// <summary>What clients do: registers that all of them set and read, and ephemeral znodes of their own.</summary>
internal sealed class Workload(SeededRandom random, int client)
{
    public const int Keys = 5;

    private readonly List<string> _mine = [];
    private int _number;

    public static string KeyPath(int key) => $"/register-{key}";

    public (OperationKind Kind, string Path, string Value, bool IsEphemeral, bool IsSynced) Next()
    {
        var path = KeyPath(random.Below(Keys));
        switch (random.Below(20))
        {
            case < 8:
                return (OperationKind.Set, path, $"c{client}-{++_number}", false, false);
            case < 12:
                return (OperationKind.Get, path, "", false, false);
            case < 16:
                return (OperationKind.Get, path, "", false, true);
            case < 18:
                var created = $"/own-{client}-{++_number}";
                _mine.Add(created);
                return (OperationKind.Create, created, $"c{client}-{_number}", random.Chance(0.7), false);
            default:
                if (_mine.Count == 0)
                    return (OperationKind.Exists, path, "", false, false);

                var own = random.Pick(_mine);
                return random.Chance(0.5)
                    ? (OperationKind.Delete, own, "", false, false)
                    : (OperationKind.Exists, own, "", false, false);
        }
    }
}
