using Coord.JepsenLike.Checking;

namespace Coord.JepsenLike.Workloads;

/// <summary>What the clients of znodes work on, below the root of their workload.</summary>
internal static class ZnodeKeys
{
    public const int Registers = 5;
    public const int Counters = 2;
    public const int Locks = 3;
    public const int Parents = 2;
    public const int Children = 3;

    public static string Register(string root, int number) => $"{root}/register-{number}";

    public static string Counter(string root, int number) => $"{root}{HistoryChecker.CounterMark}{number}";

    public static string Lock(string root, int number) => $"{root}{HistoryChecker.LockMark}{number}";

    public static string Parent(string root, int number) => $"{root}{Family.Mark}{number}";

    public static string AnyParent(string root, Random random) => Parent(root, random.Next(Parents));

    public static string AnyChild(string root, Random random) =>
        $"{AnyParent(root, random)}/child-{random.Next(Children)}";

    /// <summary>Registers and counters.</summary>
    public static IEnumerable<string> Lasting(string root) =>
    [
        .. Enumerable.Range(0, Registers).Select(number => Register(root, number)),
        .. Enumerable.Range(0, Counters).Select(number => Counter(root, number)),
    ];
}
