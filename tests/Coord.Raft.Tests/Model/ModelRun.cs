namespace Coord.Raft.Tests;

/// <summary>
/// Abstract Raft: terms, votes, logs, handshakes, and disks that lose the end of a log, terms and votes. Vote requests,
/// grants and entries may come as late as they like. One object walks at random, run after run, from seeds.
/// </summary>
internal sealed class ModelRun
{
    public const int TermsMax = 7;
    private readonly ModelLog log = new();
    private readonly ModelHistory history;
    private readonly ModelActions actions;
    private readonly int[] weights = new int[ModelActions.Weights.Length];

    public ModelRun(int nodes, ModelRule rule)
    {
        history = new ModelHistory(log);
        actions = new ModelActions(nodes, rule, log, history);
    }

    /// <summary>Recoveries that ended, over all runs.</summary>
    public int Recoveries => actions.Recoveries;

    /// <summary>Steps taken, over all runs.</summary>
    public long Steps { get; private set; }

    /// <summary>One walk; returns what was violated, or null.</summary>
    public string? Walk(ulong seed, int steps)
    {
        var random = new SplitMix64(seed);
        log.Clear();
        history.Clear();
        actions.Clear(random, losses: 1 + random.Below(3));

        // Each walk prefers other actions: a random subset finds more than an even mix (raft-design T2).
        var total = 0;
        for (var i = 0; i < weights.Length; i++)
            total += weights[i] = ModelActions.Weights[i] * random.Below(4) switch { 0 => 1, 1 => 3, 2 => 6, _ => 12 };

        for (var step = 0; step < steps && history.Violation is null && !log.IsFull; step++, Steps++)
            actions.Do(Draw(random.Below(total)));
        return history.Violation;
    }

    private int Draw(int place)
    {
        var action = 0;
        while ((place -= weights[action]) >= 0)
            action++;
        return action;
    }
}
