-- Written at commit 8f8bfdd, the last whose newest migration is m0002: runs of every kind, made by that commit's own
-- store functions and tests/making.py, then dumped by sqlite3.Connection.iterdump after a checkpoint of the WAL.
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'mlplab','m0001_runs_epochs_snapshots_workers','2026-11-27 22:44:38.611063+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'mlplab','m0002_members','2026-11-27 22:44:38.615461+00:00');
CREATE TABLE dashboards (
    id TEXT PRIMARY KEY,
    seen_at REAL NOT NULL
) STRICT
;
CREATE TABLE epoch_summaries (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    loss REAL, accuracy REAL, val_loss REAL, val_accuracy REAL,
    loss_sd REAL, accuracy_sd REAL, val_loss_sd REAL, val_accuracy_sd REAL,
    seconds REAL NOT NULL,
    learning_rate REAL NOT NULL,
    PRIMARY KEY (run, epoch)
) STRICT, WITHOUT ROWID
;
INSERT INTO "epoch_summaries" VALUES(8,1,1.50873544044428098409e+00,4.46355749131291057452e-01,1.55554738669798098271e+00,4.40116318906429715429e-01,2.43566749310290646401e-02,9.49797414581373712627e-03,2.50437491094501613053e-02,6.76306810215181360146e-03,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(8,2,9.69112227383274293934e-01,6.59144404080504453524e-01,1.00318342284378103634e+00,6.54362901270685637378e-01,2.95425803103256286175e-02,1.06764061966740288894e-02,3.03224140999830173159e-02,9.97638117970249711785e-03,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(8,3,6.33620088359580613257e-01,7.89255011497944858334e-01,6.61892772195399770041e-01,7.81205479101765298821e-01,3.58853130915773935183e-02,1.47234183002877879603e-02,3.67633466512920642488e-02,1.59649071012399682012e-02,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(8,4,4.31975098933633894215e-01,8.68946365249973595723e-01,4.58704530926375364519e-01,8.60530169937418598635e-01,2.87004921523399403326e-02,1.04449249922419756114e-02,2.93459181574561439598e-02,1.03482591419904665364e-02,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(9,1,2.06459709011682424062e+00,2.24512726391787570401e-01,2.12712443742684120806e+00,2.21084060447199526322e-01,1.96150674272630200223e-02,7.01717134391620454142e-03,2.01669755738100413278e-02,0.00341419979520591,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(9,2,1.78726458291923395726e+00,3.2888805572336066163e-01,1.84306609621163342005e+00,0.325234980721445,3.34337497854888532344e-02,1.21297613824251446917e-02,3.43119296603735177142e-02,1.39212893939909161666e-02,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(9,3,1.63215226401574331482e+00,3.87960616907913946604e-01,1.68485164793887243206e+00,3.84924373941525843623e-01,1.14514766706904469462e-01,4.48331813073380297529e-02,1.16702155971218302088e-01,4.47106452025387429705e-02,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(9,4,1.49931138837088062665e+00,4.37992067040750887585e-01,1.54997661565880240353e+00,4.32732944670490171645e-01,2.28141584989075024703e-01,8.74738747547738476617e-02,2.32043049270937939976e-01,8.50307227717301689073e-02,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(10,1,1.94765114874828793034e+00,2.63846364956176970828e-01,2.00689682362404342441e+00,2.61607533104865841444e-01,1.74649919515031028932e-03,3.71855202102878903015e-04,1.7936401665878890909e-03,5.92163171033644754846e-04,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(10,2,1.59555813808246282903e+00,3.9476945711983096876e-01,1.64635639438990644123e+00,0.388649476936332,2.55562554199000122739e-03,5.6438394075691248209e-04,2.61556629591853722835e-03,2.50315217730461697653e-03,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(11,1,1.50716787824501374792e+00,4.24858718285427261474e-01,1.55402376844398504296e+00,4.16056929065437730574e-01,4.59117159535575650175e-02,1.86552111052810283553e-02,4.72084351068805530005e-02,1.64705135962174148422e-02,0.7,0.001);
INSERT INTO "epoch_summaries" VALUES(11,2,9.86948124370984114506e-01,6.15844693708197610249e-01,1.02177215743443738915e+00,0.607732251788627,5.51936262148253128922e-02,2.11605111491530509248e-02,5.66592115616422267732e-02,1.7221745515292121581e-02,0.7,0.001);
CREATE TABLE epochs (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    loss REAL, accuracy REAL, val_loss REAL, val_accuracy REAL,
    seconds REAL NOT NULL,
    learning_rate REAL NOT NULL,
    PRIMARY KEY (run, member, epoch)
) STRICT, WITHOUT ROWID
;
INSERT INTO "epochs" VALUES(1,0,1,1.59583276626586290092e+00,3.88936894731121640678e-01,1.64519313692868429654e+00,3.83848518852525133482e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(1,0,2,1.09657708772042172817e+00,5.71531946550393188388e-01,1.13431276277912496119e+00,5.60382799551220833755e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(1,0,3,7.82718467051979338577e-01,6.8650188477028706302e-01,8.15218661260347365882e-01,0.67099962653423,0.7,0.001);
INSERT INTO "epochs" VALUES(1,0,4,5.8541027807976053765e-01,7.57738158128886341025e-01,6.16473598386544918703e-01,7.42619100777274443458e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(2,0,1,1.30329608493544712999e+00,5.27481633084370349351e-01,1.34430015308061667766e+00,5.22180229296772435709e-01,0.5,0.001);
INSERT INTO "epochs" VALUES(2,0,2,7.34185331695838216958e-01,0.752650363273653,7.62016767955427498648e-01,7.38163230441991391472e-01,0.5,0.001);
INSERT INTO "epochs" VALUES(2,0,3,4.3613998101380352379e-01,8.69453138780118095496e-01,0.459500574727879,8.60775766647944751142e-01,0.5,0.001);
INSERT INTO "epochs" VALUES(2,0,4,2.80052557682729463817e-01,9.30886229278063082048e-01,3.032505897200458711e-01,9.14716537331979218095e-01,0.5,0.001);
INSERT INTO "epochs" VALUES(3,0,1,1.80436788687654292573e+00,3.20810766293418037076e-01,1.85957178350790042209e+00,3.19842867869974900596e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(3,0,2,1.37581109464365414218e+00,4.79181635209158685029e-01,1.42080135326652157168e+00,4.71560065341876832878e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(5,0,1,1.3860898001930643808e+00,4.76213650136651733824e-01,1.42950622753182243762e+00,4.70128932855140402313e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(5,0,2,8.42405499558800840986e-01,6.79902256812844107969e-01,0.873331308909214,6.71665468047473512847e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(6,0,1,1.81221131015823821996e+00,3.17513029817531267084e-01,1.86763784258897347356e+00,3.16640078866330609841e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(6,0,2,1.38756451962746618633e+00,4.73553280747154525798e-01,1.43287022298804678221e+00,4.68217428862645057563e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(7,0,1,1.80090507713859238059e+00,3.18935089850013175905e-01,1.85601894570778114257e+00,3.12766280522591755275e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(7,0,2,1.37185491138460613491e+00,4.78436554288223403474e-01,1.4167669476367938941e+00,4.74524125393377738113e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,0,1,1.52753536939145417861e+00,4.39747501496452752878e-01,1.57487671007937457545e+00,0.436816366418657,0.7,0.001);
INSERT INTO "epochs" VALUES(8,0,2,9.91789505235390222992e-01,6.50758619370904622947e-01,1.02645627267471151178e+00,6.45973452961669414307e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,0,3,6.58994836591637378475e-01,7.78843982575565196846e-01,6.87888383911640088896e-01,7.69916585029465250222e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,0,4,4.52269411557944756019e-01,8.6156068795897444712e-01,4.79455228655658038938e-01,8.53212845724641510969e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,1,1,1.51745092841830797603e+00,4.42079648000066716129e-01,1.56450991783578730043e+00,4.35636709084505802103e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,1,2,9.79843247568890185483e-01,6.55511402851849278583e-01,1.01420157014698841813e+00,6.51720882834933235017e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,2,1,1.48122002352308079764e+00,4.57240097897353647837e-01,1.52725553217878173839e+00,4.47895881216126334756e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,2,2,9.35703929345542473328e-01,6.71163190018759236998e-01,9.68892425709642735043e-01,6.65394368015454151787e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,2,3,6.08245340127523848039e-01,7.99666040420324408799e-01,6.35897160479159340162e-01,7.9249437317406534742e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(8,2,4,4.11680786309323032412e-01,8.76332042540972744326e-01,4.37953833197092690099e-01,8.67847494150195797324e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,0,1,2.05907417526096292448e+00,2.25872426950663590661e-01,2.12144429446006510531e+00,2.2326294137280830454e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,0,2,1.77761298692753388905e+00,3.33287071718231076022e-01,1.83315421371794839977e+00,3.30827846282258641874e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,0,3,1.53822278339615858833e+00,0.425218577626376,1.58898626376656149083e+00,4.2253450459528685279e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,0,4,1.3346150679376975745e+00,0.501432529541608,1.38228070660702084815e+00,4.93105599448288911546e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,1,1,2.08638153176903617946e+00,2.16915209998512964473e-01,2.1495223432919390305e+00,2.17149252051139773911e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,1,2,1.82446244674086077708e+00,3.15172575995227799428e-01,1.88124288115775528673e+00,3.09387027358928146103e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,1,3,1.59851569356176481662e+00,4.00458753640742681767e-01,1.6507674862908592317e+00,3.96748548706142345476e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,1,4,1.40360078208563665569e+00,4.74339152124021501411e-01,1.45284794661019023287e+00,4.69603166040033381811e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,2,1,2.04833556332047361792e+00,2.30750542226186128313e-01,2.11040667452851948837e+00,2.22839987917650417248e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(9,2,2,1.75971831508930720566e+00,3.38204519456623164952e-01,1.8148011937591963516e+00,3.3549006852314827709e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(10,0,1,1.94888611017251567325e+00,2.63583423621150503279e-01,2.00816511874884628952e+00,0.261188810511059,0.7,0.001);
INSERT INTO "epochs" VALUES(10,0,2,1.59736523823337739358e+00,3.95168536831532968278e-01,1.64820587905439341902e+00,3.86879481057418039835e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(10,1,1,1.94641618732406040948e+00,2.64109306291203382865e-01,2.00562852849924055931e+00,2.62026255698672660976e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(10,1,2,1.59375103793154804243e+00,3.94370377408128969243e-01,1.64450690972541946344e+00,3.90419472815245971464e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(11,0,1,1.53963236393168489968e+00,4.11667492008416457949e-01,1.58740517303726536013e+00,4.04410517211927167391e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(11,0,2,1.02597591174576274752e+00,0.600881952781258,1.06183627014635795227e+00,0.595554638750895,0.7,0.001);
INSERT INTO "epochs" VALUES(11,1,1,1.47470339255834259617e+00,4.38049944562438064998e-01,1.52064236385070472579e+00,4.27703340918948293758e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(11,1,2,9.47920336996205592505e-01,6.30807434635137331824e-01,0.981708044722517,6.19909864826359124911e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(12,0,1,2.01807471850564423831e+00,2.34734370836017280925e-01,2.07931649644973370882e+00,2.33132620943756779796e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(12,0,2,1.71119325410245681773e+00,3.45105851988358525161e-01,1.76508252170149937398e+00,3.413824819135719002e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(12,0,3,1.45798047755805337821e+00,4.36962882717157441447e-01,1.50697886407818182341e+00,4.29985552571508666819e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(13,0,1,1.38170823131069542277e+00,4.98034457182214784776e-01,NULL,NULL,0.7,0.001);
INSERT INTO "epochs" VALUES(13,0,2,0.819246607272301,7.17036703093362759453e-01,NULL,NULL,0.7,0.001);
INSERT INTO "epochs" VALUES(13,0,3,5.05485166050625878142e-01,8.4045496902782756976e-01,NULL,NULL,0.7,0.001);
INSERT INTO "epochs" VALUES(14,0,1,1.67883391082572486219e+00,3.72851693046255094898e-01,1.73047690164339407203e+00,3.6542488946623707946e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(14,0,2,1.19488067440452128131e+00,5.58431649223051107533e-01,1.23502238048397239289e+00,5.53903912670949294394e-01,0.7,0.001);
INSERT INTO "epochs" VALUES(14,0,3,8.65547289970378441736e-01,6.82512115772077820885e-01,8.99732084872673087971e-01,6.73707010960530539023e-01,0.7,0.001);
CREATE TABLE members (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    fold INTEGER,
    status TEXT NOT NULL DEFAULT 'training'
        CHECK (status IN ('training', 'finished', 'stopped early', 'diverged')),
    epoch INTEGER NOT NULL DEFAULT 0,
    kept_epoch INTEGER,
    test_loss REAL,
    test_accuracy REAL,
    model TEXT,
    PRIMARY KEY (run, member)
) STRICT, WITHOUT ROWID
;
INSERT INTO "members" VALUES(8,0,20,NULL,'finished',4,4,4.97496352713739264927e-01,8.49212845724641507416e-01,'models/8/network.keras');
INSERT INTO "members" VALUES(8,1,21,NULL,'diverged',3,NULL,NULL,NULL,NULL);
INSERT INTO "members" VALUES(8,2,22,NULL,'finished',4,4,4.52848864940255391164e-01,8.63847494150195793771e-01,'models/8/network-02.keras');
INSERT INTO "members" VALUES(9,0,21,0,'finished',4,4,1.46807657473146746518e+00,4.89105599448288907993e-01,'models/9/network.keras');
INSERT INTO "members" VALUES(9,1,21,1,'finished',4,4,1.5439608602942005433e+00,4.65603166040033378259e-01,'models/9/network-01.keras');
INSERT INTO "members" VALUES(9,2,21,2,'stopped early',2,2,1.93569014659823812607e+00,3.31490068523148273538e-01,'models/9/network-02.keras');
INSERT INTO "members" VALUES(10,0,22,NULL,'training',2,NULL,NULL,NULL,NULL);
INSERT INTO "members" VALUES(10,1,23,NULL,'training',2,NULL,NULL,NULL,NULL);
INSERT INTO "members" VALUES(11,0,23,NULL,'diverged',3,NULL,NULL,NULL,NULL);
INSERT INTO "members" VALUES(11,1,24,NULL,'diverged',3,NULL,NULL,NULL,NULL);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL DEFAULT '',
    study INTEGER,
    spec TEXT NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    starred INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'finished', 'stopped', 'diverged', 'failed')),
    created_at REAL NOT NULL,
    started_at REAL,
    ended_at REAL,
    trashed_at REAL,
    -- the queue
    worker TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    crashes INTEGER NOT NULL DEFAULT 0,
    lease_until REAL,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    checkpoint TEXT,
    -- progress within the epoch
    epoch INTEGER NOT NULL DEFAULT 0,
    step INTEGER NOT NULL DEFAULT 0,
    steps INTEGER NOT NULL DEFAULT 0,
    running_loss REAL,
    progress_at REAL,
    -- how it was trained
    device TEXT,
    engine TEXT,
    versions TEXT,
    message TEXT,
    log TEXT NOT NULL DEFAULT '',
    -- what lists show of the spec
    dataset TEXT NOT NULL,
    layers TEXT NOT NULL,
    activation TEXT NOT NULL,
    optimizer TEXT NOT NULL,
    learning_rate REAL NOT NULL,
    dropout TEXT NOT NULL,
    batch_size INTEGER NOT NULL,
    epochs INTEGER NOT NULL,
    parameters INTEGER NOT NULL,
    validated INTEGER NOT NULL,
    -- summary over the members, kept in each epoch's transaction
    loss REAL, accuracy REAL, val_loss REAL, val_accuracy REAL,
    best_epoch INTEGER,
    best_loss REAL, best_accuracy REAL, best_val_loss REAL, best_val_accuracy REAL,
    test_loss REAL, test_accuracy REAL,
    kept_epoch INTEGER,
    stopped_early INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    model TEXT
, members INTEGER NOT NULL DEFAULT 1, accuracy_sd REAL, val_accuracy_sd REAL, best_accuracy_sd REAL, best_val_accuracy_sd REAL, test_accuracy_sd REAL) STRICT
;
INSERT INTO "runs" VALUES(1,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 11, "name": "finished", "note": ""}','finished','',0,'finished',1000.0,1000.0,1002.8,NULL,'worker-1',1,0,NULL,0,NULL,4,0,41,NULL,1002.8,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','digits','32','relu','adam',0.001,'',32,4,2410,1,5.8541027807976053765e-01,7.57738158128886341025e-01,6.16473598386544918703e-01,7.42619100777274443458e-01,4,5.8541027807976053765e-01,7.57738158128886341025e-01,6.16473598386544918703e-01,7.42619100777274443458e-01,6.43951305887736635824e-01,7.38619100777274439906e-01,4,0,2.8,'models/1/network.keras',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 8, "validation_split": 0.1, "training_images": null, "early_stopping": 2, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 12, "name": "stopped early", "note": ""}','stopped early','',0,'finished',2000.0,2000.0,2010.0,NULL,'worker-1',1,0,NULL,0,NULL,4,0,44,NULL,2005.0,'CPU','tensorflow','{"keras": "3.15.1"}',NULL,'','digits','32','relu','adam',0.001,'',32,8,2410,1,2.80052557682729463817e-01,9.30886229278063082048e-01,3.032505897200458711e-01,9.14716537331979218095e-01,4,2.80052557682729463817e-01,9.30886229278063082048e-01,3.032505897200458711e-01,9.14716537331979218095e-01,0.3,0.91,2,1,2.0,'models/2/network.keras',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(3,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 13, "name": "running", "note": ""}','running','',0,'running',13000.0,13000.0,NULL,NULL,'worker-1',1,0,13015.0,0,NULL,2,0,41,NULL,13001.4,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','digits','32','relu','adam',0.001,'',32,4,2410,1,1.37581109464365414218e+00,4.79181635209158685029e-01,1.42080135326652157168e+00,4.71560065341876832878e-01,2,1.37581109464365414218e+00,4.79181635209158685029e-01,1.42080135326652157168e+00,4.71560065341876832878e-01,NULL,NULL,NULL,0,1.4,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(4,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 14, "name": "queued", "note": ""}','queued','',0,'queued',14000.0,NULL,NULL,NULL,NULL,0,0,NULL,0,NULL,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'','digits','32','relu','adam',0.001,'',32,4,2410,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(5,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 15, "name": "stopped", "note": ""}','stopped','',0,'stopped',15000.0,15000.0,15001.4,NULL,'worker-1',1,0,NULL,0,NULL,2,0,41,NULL,15001.4,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}','{"text": "Stopped by hand.", "values": {}}','','digits','32','relu','adam',0.001,'',32,4,2410,1,8.42405499558800840986e-01,6.79902256812844107969e-01,0.873331308909214,6.71665468047473512847e-01,2,8.42405499558800840986e-01,6.79902256812844107969e-01,0.873331308909214,6.71665468047473512847e-01,NULL,NULL,NULL,0,1.4,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(6,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 16, "name": "diverged", "note": ""}','diverged','',0,'diverged',16000.0,16000.0,16001.4,NULL,'worker-1',1,0,NULL,0,NULL,2,0,41,NULL,16001.4,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}','{"text": "The loss is no longer a finite number (epoch {epoch}, step {step}): the steps were too large for this network. Try a smaller learning rate, such as {rate:g}.", "values": {"epoch": 2, "step": 7, "rate": 0.1}}','','digits','32','relu','adam',0.001,'',32,4,2410,1,1.38756451962746618633e+00,4.73553280747154525798e-01,1.43287022298804678221e+00,4.68217428862645057563e-01,2,1.38756451962746618633e+00,4.73553280747154525798e-01,1.43287022298804678221e+00,4.68217428862645057563e-01,NULL,NULL,NULL,0,1.4,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(7,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 17, "name": "failed", "note": ""}','failed','',0,'failed',17000.0,17000.0,17001.4,NULL,'worker-1',1,0,NULL,0,NULL,2,0,41,NULL,17001.4,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}','{"text": "There is not enough memory on {device} for this run. Try a smaller network, a smaller batch, or fewer training examples.", "values": {"device": "CPU"}}','the log','digits','32','relu','adam',0.001,'',32,4,2410,1,1.37185491138460613491e+00,4.78436554288223403474e-01,1.4167669476367938941e+00,4.74524125393377738113e-01,2,1.37185491138460613491e+00,4.78436554288223403474e-01,1.4167669476367938941e+00,4.74524125393377738113e-01,NULL,NULL,NULL,0,1.4,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(8,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 3, "folds": 0, "seed": 20, "name": "repeats, one diverged", "note": ""}','repeats, one diverged','',0,'finished',20000.0,20000.0,20002.8,NULL,'worker-1',1,0,NULL,0,NULL,4,0,41,NULL,20002.8,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','digits','32','relu','adam',0.001,'',32,4,2410,1,4.31975098933633894215e-01,8.68946365249973595723e-01,4.58704530926375364519e-01,8.60530169937418598635e-01,4,4.31975098933633894215e-01,8.68946365249973595723e-01,4.58704530926375364519e-01,8.60530169937418598635e-01,4.7517260882699730029e-01,8.56530169937418595083e-01,4,0,2.8,'models/8/network.keras',3,1.04449249922419756114e-02,1.03482591419904665364e-02,1.04449249922419756114e-02,1.03482591419904665364e-02,1.03482591419904665364e-02);
INSERT INTO "runs" VALUES(9,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 3, "seed": 21, "name": "folds, one stopped early", "note": ""}','folds, one stopped early','',0,'finished',21000.0,21000.0,21002.8,NULL,'worker-1',1,0,NULL,0,NULL,4,0,30,NULL,21002.8,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','digits','32','relu','adam',0.001,'',32,4,2410,1,1.49931138837088062665e+00,4.37992067040750887585e-01,1.54997661565880240353e+00,4.32732944670490171645e-01,4,1.49931138837088062665e+00,4.37992067040750887585e-01,1.54997661565880240353e+00,4.32732944670490171645e-01,1.64924252720796893356e+00,4.28732944670490168093e-01,4,0,2.8,'models/9/network.keras',3,8.74738747547738476617e-02,8.50307227717301689073e-02,8.74738747547738476617e-02,8.50307227717301689073e-02,8.50307227717301689073e-02);
INSERT INTO "runs" VALUES(10,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 2, "folds": 0, "seed": 22, "name": "repeats, running", "note": ""}','repeats, running','',0,'running',22000.0,22000.0,NULL,NULL,'worker-1',1,0,22015.0,0,NULL,2,0,41,NULL,22001.4,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','digits','32','relu','adam',0.001,'',32,4,2410,1,1.59555813808246282903e+00,3.9476945711983096876e-01,1.64635639438990644123e+00,0.388649476936332,2,1.59555813808246282903e+00,3.9476945711983096876e-01,1.64635639438990644123e+00,0.388649476936332,NULL,NULL,NULL,0,1.4,NULL,2,5.6438394075691248209e-04,2.50315217730461697653e-03,5.6438394075691248209e-04,2.50315217730461697653e-03,NULL);
INSERT INTO "runs" VALUES(11,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 2, "folds": 0, "seed": 23, "name": "repeats, diverged", "note": ""}','repeats, diverged','',0,'diverged',23000.0,23000.0,23001.4,NULL,'worker-1',1,0,NULL,0,NULL,2,0,41,NULL,23001.4,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}','{"text": "The loss is no longer a finite number (epoch {epoch}, step {step}): the steps were too large for this network. Try a smaller learning rate, such as {rate:g}.", "values": {"epoch": 2, "step": 7, "rate": 0.1}}','','digits','32','relu','adam',0.001,'',32,4,2410,1,9.86948124370984114506e-01,6.15844693708197610249e-01,1.02177215743443738915e+00,0.607732251788627,2,9.86948124370984114506e-01,6.15844693708197610249e-01,1.02177215743443738915e+00,0.607732251788627,NULL,NULL,NULL,0,1.4,NULL,2,2.11605111491530509248e-02,1.7221745515292121581e-02,2.11605111491530509248e-02,1.7221745515292121581e-02,NULL);
INSERT INTO "runs" VALUES(12,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 3, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 24, "name": "in the trash", "note": ""}','in the trash','',0,'finished',24000.0,24000.0,24002.1,24500.0,'worker-1',1,0,NULL,0,NULL,3,0,41,NULL,24002.1,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','digits','32','relu','adam',0.001,'',32,3,2410,1,1.45798047755805337821e+00,4.36962882717157441447e-01,1.50697886407818182341e+00,4.29985552571508666819e-01,3,1.45798047755805337821e+00,4.36962882717157441447e-01,1.50697886407818182341e+00,4.29985552571508666819e-01,1.60377852531385878265e+00,4.25985552571508663266e-01,3,0,2.09999999999999964472e+00,'models/12/network.keras',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(13,'',NULL,'{"dataset": "iris", "hidden": [], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 16, "epochs": 3, "validation_split": 0.0, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 25, "name": "", "note": ""}','検証なし','no validation set
and a second line',1,'finished',25000.0,25000.0,25002.1,NULL,'worker-1',1,0,NULL,0,NULL,3,0,8,NULL,25002.1,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','iris','0','','adam',0.001,'',16,3,15,0,5.05485166050625878142e-01,8.4045496902782756976e-01,NULL,NULL,3,5.05485166050625878142e-01,8.4045496902782756976e-01,NULL,NULL,5.5603368265568853257e-01,8.36454969027827566208e-01,3,0,2.09999999999999964472e+00,'models/13/network.keras',1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(14,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 6, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 26, "name": "given back", "note": ""}','given back','',0,'queued',26000.0,26000.0,NULL,NULL,NULL,1,0,NULL,0,NULL,3,0,41,NULL,26002.1,'CPU','tensorflow','{"keras": "3.15.1", "tensorflow": "2.21.0"}',NULL,'','digits','32','relu','adam',0.001,'',32,6,2410,1,8.65547289970378441736e-01,6.82512115772077820885e-01,8.99732084872673087971e-01,6.73707010960530539023e-01,3,8.65547289970378441736e-01,6.82512115772077820885e-01,8.99732084872673087971e-01,6.73707010960530539023e-01,NULL,NULL,NULL,0,2.09999999999999964472e+00,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(15,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 27, "name": "claimed, not started", "note": ""}','claimed, not started','',0,'running',27000.0,27000.0,NULL,NULL,'worker-1',1,0,27015.0,0,NULL,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,'','digits','32','relu','adam',0.001,'',32,4,2410,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,1,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(16,'',NULL,'{"dataset": "digits", "hidden": [{"units": 32, "activation": "relu", "dropout": 0.0}], "optimizer": {"name": "adam", "learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07}, "loss": "crossentropy", "l1": 0.0, "l2": 0.0, "batch_size": 32, "epochs": 4, "validation_split": 0.1, "training_images": null, "early_stopping": null, "schedule": {"name": "constant"}, "augment": null, "prepare": "none", "repeats": 1, "folds": 0, "seed": 28, "name": "stopped while it waited", "note": ""}','stopped while it waited','',0,'stopped',28000.0,NULL,28001.0,NULL,NULL,0,0,NULL,0,NULL,0,0,0,NULL,NULL,NULL,NULL,NULL,'{"text": "Stopped by hand.", "values": {}}','','digits','32','relu','adam',0.001,'',32,4,2410,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,1,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE snapshots (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    member INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    file TEXT NOT NULL,
    PRIMARY KEY (run, member, epoch)
) STRICT, WITHOUT ROWID
;
INSERT INTO "snapshots" VALUES(1,0,4,'models/1/epoch-4.safetensors');
INSERT INTO "snapshots" VALUES(2,0,0,'models/2/epoch-0.safetensors');
INSERT INTO "snapshots" VALUES(2,0,1,'models/2/epoch-1.safetensors');
INSERT INTO "snapshots" VALUES(2,0,2,'models/2/epoch-2.safetensors');
INSERT INTO "snapshots" VALUES(2,0,4,'models/2/epoch-4.safetensors');
INSERT INTO "snapshots" VALUES(8,0,4,'models/8/epoch-4.safetensors');
INSERT INTO "snapshots" VALUES(8,2,4,'models/8/epoch-4-02.safetensors');
INSERT INTO "snapshots" VALUES(9,0,4,'models/9/epoch-4.safetensors');
INSERT INTO "snapshots" VALUES(9,1,4,'models/9/epoch-4-01.safetensors');
INSERT INTO "snapshots" VALUES(9,2,2,'models/9/epoch-2-02.safetensors');
INSERT INTO "snapshots" VALUES(12,0,3,'models/12/epoch-3.safetensors');
INSERT INTO "snapshots" VALUES(13,0,3,'models/13/epoch-3.safetensors');
CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('starting', 'idle', 'busy')),
    device TEXT,
    engine TEXT,
    started_at REAL NOT NULL,
    seen_at REAL NOT NULL
) STRICT
;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX runs_by_rank ON runs (
        (CASE WHEN status IN ('failed', 'diverged') THEN 2 WHEN validated = 0 THEN 1 ELSE 0 END),
        best_val_accuracy DESC, id DESC
    ) WHERE trashed_at IS NULL;
CREATE INDEX runs_waiting ON runs (id) WHERE status IN ('queued', 'running');
CREATE INDEX runs_by_dataset ON runs (dataset, status);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',16);
COMMIT;
