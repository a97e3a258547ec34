import { correctionDoors } from '../runtime/corrections.js';
import { housekeepingDoors } from '../runtime/housekeeping.js';
import { idShape } from '../runtime/ids.js';
import { defineRoom } from '../runtime/room.js';
import { BalanceRepository } from './balance/repository.js';
import {
  BuildingBalanceResolver,
  ComprehensiveEnergyResolver,
  EnterpriseBalanceResolver,
  RemainderResolver,
} from './balance/resolver.js';
import { caseEscalation } from './cases/chore.js';
import { caseContext, caseEntities, caseResolvers } from './cases/parts.js';
import { CoalCoefficient } from './coal/entities.js';
import { CoalRepository } from './coal/repository.js';
import { CoalCoefficientResolver, CoalEquivalentResolver } from './coal/resolver.js';
import { QuotientRepository } from './intensity/repository.js';
import {
  BuildingIntensityResolver,
  EnergyIntensityResolver,
  SpecificConsumptionResolver,
} from './intensity/resolver.js';
import { correctableDays } from './corrections/repository.js';
import { Calibration, CalibrationInForce, VerificationInterval } from './devices/calibrations/entities.js';
import { CalibrationRepository } from './devices/calibrations/repository.js';
import {
  CalibrationOfMeterResolver,
  CalibrationResolver,
  CalibrationsOfDeviceResolver,
} from './devices/calibrations/resolver.js';
import { Device } from './devices/entities.js';
import { AreaFitOutRate, FitOutEdition, FitOutKind, MeteredPlace } from './devices/fit-out/entities.js';
import { FitOutRepository } from './devices/fit-out/repository.js';
import { FitOutOfEnterpriseResolver, MeteredPlaceResolver } from './devices/fit-out/resolver.js';
import { RegisterDay } from './devices/registers/entities.js';
import { RegisterRepository } from './devices/registers/repository.js';
import { RegisterDayResolver, RegistersOfDayResolver } from './devices/registers/resolver.js';
import { DeviceRepository } from './devices/repository.js';
import { DeviceResolver, DevicesOfMeterResolver } from './devices/resolver.js';
import { DayBlock, EarlierMeter, Meter } from './entities.js';
import { metering001 } from './migrations/001-metering.js';
import { metering002 } from './migrations/002-reference.js';
import { metering003 } from './migrations/003-corrections.js';
import { metering004 } from './migrations/004-visible-days.js';
import { metering005 } from './migrations/005-disclosures.js';
import { metering006 } from './migrations/006-late-days.js';
import { metering007 } from './migrations/007-coverage.js';
import { metering008 } from './migrations/008-gates.js';
import { metering010 } from './migrations/010-devices.js';
import { metering011 } from './migrations/011-calibrations.js';
import { metering012 } from './migrations/012-registers.js';
import { metering013 } from './migrations/013-fit-out.js';
import { metering015 } from './migrations/015-rollups.js';
import { metering016 } from './migrations/016-nesting.js';
import { metering017 } from './migrations/017-kept-registration.js';
import { metering018 } from './migrations/018-superseded.js';
import { metering020 } from './migrations/020-coal.js';
import { metering025 } from './migrations/025-formats.js';
import { metering030 } from './migrations/030-quality.js';
import { metering031 } from './migrations/031-judging.js';
import { metering032 } from './migrations/032-nights.js';
import { metering033 } from './migrations/033-runs.js';
import { metering034 } from './migrations/034-calendar.js';
import { metering035 } from './migrations/035-cases.js';
import { metering036 } from './migrations/036-opening.js';
import { metering037 } from './migrations/037-estimates.js';
import { metering038 } from './migrations/038-measured-later.js';
import { metering039 } from './migrations/039-months-again.js';
import { metering040 } from './migrations/040-statistics.js';
import { metering041 } from './migrations/041-replay.js';
import { metering042 } from './migrations/042-intervals.js';
import { metering045 } from './migrations/045-customers.js';
import { metering046 } from './migrations/046-supplies.js';
import { metering047 } from './migrations/047-supply-tolerances.js';
import { metering050 } from './migrations/050-months.js';
import { metering060 } from './migrations/060-statistics-due.js';
import { readingDoors } from './readings/doors.js';
import { monthlyStatistics } from './statistics/chore.js';
import { qualityNights } from './quality/nights/repository.js';
import { qualityContext, qualityEntities, qualityResolvers } from './quality/parts.js';
import { EnergyItem, EnergyUnit } from './reference/entities.js';
import { EnergyItemRepository } from './reference/repository.js';
import { EnergyItemResolver } from './reference/resolver.js';
import { ReadingRepository } from './readings/repository.js';
import { ConsumptionRepository } from './rollups/repository.js';
import {
  BuildingConsumptionResolver,
  ConsumptionResolver,
  EnterpriseConsumptionResolver,
  MeterConsumptionResolver,
} from './rollups/resolver.js';
import { statisticsContext, statisticsEntities, statisticsResolvers } from './statistics/parts.js';
import { supplyDoors } from './suppliers/intake/doors.js';
import { supplierContext, supplierEntities, supplierResolvers } from './suppliers/parts.js';
import { MeterRepository } from './repository.js';
import {
  BuildingResolver,
  DayBlockResolver,
  EnterpriseResolver,
  MeterResolver,
  type MeteringContext,
} from './resolver.js';

/** Any meter id that is no building code, no social credit code and no id of the hub's own. */
const METER_ID = /^(?![1-9]\d{5}[A-HZ]\d{3}$)(?![0-9A-HJ-NPQRTUWXY]{18}$)(?![a-z]{3}_)[A-Za-z0-9._:-]{1,64}$/;

export default defineRoom<MeteringContext>({
  name: 'metering',
  entities: [
    ...caseEntities,
    ...qualityEntities,
    ...supplierEntities,
    ...statisticsEntities,
    Meter,
    EarlierMeter,
    DayBlock,
    EnergyItem,
    EnergyUnit,
    Device,
    Calibration,
    CalibrationInForce,
    RegisterDay,
    MeteredPlace,
    FitOutKind,
    FitOutEdition,
    AreaFitOutRate,
    VerificationInterval,
    CoalCoefficient,
  ],
  resolvers: [
    ...caseResolvers,
    ...qualityResolvers,
    ...supplierResolvers,
    ...statisticsResolvers,
    MeterResolver,
    DayBlockResolver,
    BuildingResolver,
    EnterpriseResolver,
    ConsumptionResolver,
    MeterConsumptionResolver,
    BuildingConsumptionResolver,
    EnterpriseConsumptionResolver,
    EnergyItemResolver,
    CoalCoefficientResolver,
    CoalEquivalentResolver,
    BuildingBalanceResolver,
    EnterpriseBalanceResolver,
    RemainderResolver,
    ComprehensiveEnergyResolver,
    DeviceResolver,
    DevicesOfMeterResolver,
    CalibrationResolver,
    CalibrationsOfDeviceResolver,
    CalibrationOfMeterResolver,
    BuildingIntensityResolver,
    EnergyIntensityResolver,
    SpecificConsumptionResolver,
    RegisterDayResolver,
    RegistersOfDayResolver,
    MeteredPlaceResolver,
    FitOutOfEnterpriseResolver,
  ],
  references: {
    Meter: ({ id }, { meters }) => meters.byId.load(id ?? ''),
    StatisticsEdition: ({ id }, { statistics }) => statistics.byId.load(id ?? ''),
    // With what a field requires of the buildings room.
    Building: (building) => building,
    Enterprise: ({ uscc }) => ({ uscc }),
  },
  nodes: {
    Meter: { shape: METER_ID, permission: 'meters:read' },
    StatisticsEdition: { shape: idShape('sed'), permission: 'statistics:read' },
  },
  doors: {
    ...readingDoors,
    ...supplyDoors,
    ...correctionDoors(correctableDays),
    ...housekeepingDoors({ qualityNights, caseEscalation, monthlyStatistics }),
  },
  migrations: [
    metering001,
    metering002,
    metering003,
    metering004,
    metering005,
    metering006,
    metering007,
    metering008,
    metering010,
    metering011,
    metering012,
    metering013,
    metering015,
    metering016,
    metering017,
    metering018,
    metering020,
    metering025,
    metering030,
    metering031,
    metering032,
    metering033,
    metering034,
    metering035,
    metering036,
    metering037,
    metering038,
    metering039,
    metering040,
    metering041,
    metering042,
    metering045,
    metering046,
    metering047,
    metering050,
    metering060,
  ],
  context: (session) => ({
    ...caseContext(session),
    ...qualityContext(session),
    ...supplierContext(session),
    ...statisticsContext(session),
    meters: new MeterRepository(session),
    readings: new ReadingRepository(session),
    consumption: new ConsumptionRepository(session),
    energyItems: new EnergyItemRepository(session),
    coal: new CoalRepository(session),
    balances: new BalanceRepository(session),
    devices: new DeviceRepository(session),
    calibrations: new CalibrationRepository(session),
    quotients: new QuotientRepository(session),
    registers: new RegisterRepository(session),
    fitOut: new FitOutRepository(session),
  }),
});
